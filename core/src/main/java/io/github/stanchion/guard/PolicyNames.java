package io.github.stanchion.guard;

/** When two spellings name one policy. */
public final class PolicyNames {

    private PolicyNames() {}

    /**
     * Letters and digits in lower case, so that {@code loginAttempt}, {@code login-attempt} and what an environment variable
     * can spell are one name; names made from methods, which hold a {@code #}, stay as they are.
     */
    public static String canonical(String name) {
        if (name.indexOf('#') >= 0) {
            return name;
        }
        StringBuilder canonical = new StringBuilder(name.length());
        name.codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toLowerCase)
                .forEach(canonical::appendCodePoint);
        return canonical.length() == 0 ? name : canonical.toString();
    }
}
