package io.github.stanchion.limit;

import io.github.stanchion.guard.GuardConfigurationException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One setting of a rate limit cannot work; the registry adds where it was given. */
final class RateSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final Pattern REFUSAL = Pattern.compile("(.*?'[^']*') (.*?); (.*)");

    private final String setting;
    private final String subject;
    private final String trouble;
    private final String remedy;

    /**
     * @param setting as in a properties file, {@code max-wait}
     * @param trouble what is wrong, a predicate such as {@code is not positive}
     */
    RateSettingException(String setting, String thing, String value, String trouble, String remedy) {
        this(setting, thing + " '" + value + "'", trouble, remedy);
    }

    private RateSettingException(String setting, String subject, String trouble, String remedy) {
        super(subject + " " + trouble + "; " + remedy);
        this.setting = setting;
        this.subject = subject;
        this.trouble = trouble;
        this.remedy = remedy;
    }

    /** The refusal of a limit by an operation, as a refusal of the setting that the limit came from. */
    static RateSettingException of(String setting, String limit, IllegalArgumentException refusal) {
        Matcher said = REFUSAL.matcher(String.valueOf(refusal.getMessage()));
        RateSettingException located = said.matches()
                ? new RateSettingException(setting, said.group(1), said.group(2), said.group(3))
                : new RateSettingException(
                        setting,
                        "Limit '" + limit + "'",
                        "cannot be kept: " + refusal.getMessage(),
                        "use another limit");
        located.initCause(refusal);
        return located;
    }

    /** The same trouble said of another subject, as of a share of the limit. */
    RateSettingException about(String otherSubject, String otherRemedy) {
        RateSettingException other = new RateSettingException(
                setting, otherSubject, "cannot be kept: " + subject + " " + trouble, otherRemedy);
        other.initCause(this);
        return other;
    }

    /** The same trouble in a setting that holds the one it was found in. */
    RateSettingException under(String outerSetting) {
        RateSettingException outer = new RateSettingException(outerSetting, subject, trouble, remedy);
        outer.initCause(this);
        return outer;
    }

    String setting() {
        return setting;
    }

    String remedy() {
        return remedy;
    }

    /** The attribute of the annotation that is called {@code setting} in files. */
    static String attribute(String setting) {
        StringBuilder attribute = new StringBuilder();
        for (String word : setting.split("-", -1)) {
            attribute.append(
                    attribute.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return attribute.toString();
    }

    /** This trouble, with the property or attribute that it comes from. */
    GuardConfigurationException at(String origin) {
        return new GuardConfigurationException(subject + " of " + origin + " " + trouble, remedy, this);
    }
}
