-- In which language a person gets mail: that in which the settings of it were saved.
ALTER TABLE account ADD COLUMN mail_lang TEXT NOT NULL DEFAULT 'zh' CHECK (mail_lang IN ('zh', 'en'));
