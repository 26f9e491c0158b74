#include "rules/inner.h"

void *kept_array(struct loading *l, size_t count, size_t size)
{
    return arena_array(l->arena, count == 0 ? 1 : count, size);
}

const char *read_text(struct loading *l, const struct yaml_node *at, const char *key, bool required)
{
    const char *text = yaml_text(&l->report, at, key, required);
    return text == NULL ? NULL : arena_text(l->arena, text);
}

struct label read_label(struct loading *l, const struct yaml_node *at, const char *key,
                        bool required)
{
    static const char *const keys[] = {"zh", "en", NULL};
    struct yaml_node *node = yaml_get(at, key);
    struct label label = {NULL, NULL};
    if (node == NULL) {
        if (required) {
            yaml_wrong(&l->report, at, "key '%s' is missing", key);
            label = (struct label){"?", "?"};
        }
        return label;
    }
    yaml_only(&l->report, node, keys);
    label.zh = read_text(l, node, "zh", true);
    label.en = read_text(l, node, "en", true);
    if (label.zh == NULL || label.en == NULL) {
        label = (struct label){"?", "?"};
    }
    return label;
}

const char **read_words(struct loading *l, const struct yaml_node *at, const char *key,
                        size_t *ret_count)
{
    const struct yaml_node *node = yaml_get(at, key);
    *ret_count = 0;
    if (node == NULL) {
        return kept_array(l, 0, sizeof(char *));
    }
    if (node->kind == YAML_SCALAR) {
        const char **words = kept_array(l, 1, sizeof(char *));
        words[0] = arena_text(l->arena, node->text);
        *ret_count = 1;
        return words;
    }
    if (node->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, node, "'%s' must be a list of words", key);
        return kept_array(l, 0, sizeof(char *));
    }
    const char **words = kept_array(l, node->count, sizeof(char *));
    for (const struct yaml_node *item = node->children; item != NULL; item = item->next) {
        if (item->kind == YAML_SCALAR) {
            words[(*ret_count)++] = arena_text(l->arena, item->text);
        } else {
            yaml_wrong(&l->report, item, "a word is expected");
        }
    }
    return words;
}

const struct yaml_node *read_list(struct loading *l, const struct yaml_node *at, const char *key,
                                  bool required)
{
    const struct yaml_node *node = yaml_get(at, key);
    if (node == NULL) {
        if (required) {
            yaml_wrong(&l->report, at, "key '%s' is missing", key);
        }
        return NULL;
    }
    if (node->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, node, "'%s' must be a list", key);
        return NULL;
    }
    return node;
}

const struct yaml_node *item_at(const struct yaml_node *list, size_t index)
{
    const struct yaml_node *item = list == NULL ? NULL : list->children;
    for (size_t i = 0; item != NULL && i < index; i++) {
        item = item->next;
    }
    return item;
}

uint32_t read_kinds(struct loading *l, const struct yaml_node *at)
{
    size_t count = 0;
    uint32_t mask = 0;
    const char **kinds = read_words(l, at, "kinds", &count);
    for (size_t i = 0; i < count; i++) {
        enum org_kind kind;
        if (org_kind_parse(kinds[i], &kind)) {
            mask |= 1u << kind;
        } else {
            yaml_wrong(&l->report, at, "unknown kind of body '%s'", kinds[i]);
        }
    }
    return mask;
}
