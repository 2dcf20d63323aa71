package io.github.stanchion.redis;

import org.jspecify.annotations.Nullable;

/**
 * A part of a script made a little wrong.
 *
 * @param file of the part
 * @param original what occurs once in it
 * @param mutated what stands there instead
 */
record LuaMutant(String file, String original, String mutated) {

    /** The parts of scripts with this one wrong. */
    @Nullable
    String part(String name) {
        String text = ScriptText.resource(name);
        if (text == null || !name.equals(file)) {
            return text;
        }
        int at = text.indexOf(original);
        if (at < 0 || text.indexOf(original, at + 1) >= 0) {
            throw new AssertionError("Text '" + original + "' does not occur once in " + file + "; mutate what does");
        }
        return text.substring(0, at) + mutated + text.substring(at + original.length());
    }
}
