-- What the store itself needs.

-- The last event number given: numbers are gap-free and in commit order (src/store/sequence.c).
CREATE TABLE event_counter (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO event_counter (id, last) VALUES (1, 0);

-- The words of matters for full-text search (src/store/search.c). SQLite: contentless FTS5, row id = the
-- matter's id; PostgreSQL: tsvector with positions.
-- only: sqlite
CREATE VIRTUAL TABLE matter_words USING fts5 (words, content = '', tokenize = 'unicode61');
-- end
-- only: postgresql
CREATE TABLE matter_words (
    id  BIGINT   NOT NULL PRIMARY KEY,
    tsv TSVECTOR NOT NULL
);
CREATE INDEX matter_words_tsv ON matter_words USING gin (tsv);
-- end
