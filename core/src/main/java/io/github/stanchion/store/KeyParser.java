package io.github.stanchion.store;

import java.util.List;

/** Reads the text of a key; accepts exactly what {@link StoreKey#text()} writes. */
final class KeyParser {

    private KeyParser() {}

    static StoreKey parse(String text) {
        List<String> fields = List.of(text.split(":", -1));
        if (fields.size() < 4 || fields.size() > 6 || !fields.get(1).equals(String.valueOf(StoreKey.LAYOUT))) {
            throw KeyText.unreadable(text);
        }
        StoreKey key = key(text, fields);
        if (!key.text().equals(text)) {
            throw KeyText.unreadable(text);
        }
        return key;
    }

    private static StoreKey key(String text, List<String> fields) {
        String prefix = fields.get(0);
        String kind = fields.get(2);
        String name = fields.get(3);
        if (isBraced(name)) {
            boolean alone = fields.size() == 4;
            KeySpace space = KeySpace.parsed(prefix, kind, inner(name), !alone);
            return StoreKey.parsed(space, null, alone ? null : fields.get(4));
        }
        KeySpace space = KeySpace.parsed(prefix, kind, name, false);
        if (fields.size() == 4 || !isBraced(fields.get(4))) {
            throw KeyText.unreadable(text);
        }
        String braced = inner(fields.get(4));
        if (!braced.startsWith("t.")) {
            return StoreKey.parsed(space, null, braced);
        }
        String tag = braced.substring(2);
        return StoreKey.parsed(space, tag, fields.size() == 5 ? null : fields.get(5));
    }

    private static boolean isBraced(String field) {
        return field.length() > 2 && field.startsWith("{") && field.endsWith("}");
    }

    private static String inner(String field) {
        return field.substring(1, field.length() - 1);
    }
}
