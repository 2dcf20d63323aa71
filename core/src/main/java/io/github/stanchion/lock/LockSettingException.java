package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardConfigurationException;

/** One setting of a lock cannot work; whoever knows where it was given says so. */
final class LockSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final LockSetting setting;
    private final String subject;
    private final String trouble;
    private final String remedy;

    /**
     * @param subject thing and value, as in {@code Lease '100ms'}
     * @param trouble what is wrong, a predicate
     */
    LockSettingException(LockSetting setting, String subject, String trouble, String remedy) {
        super(subject + " " + trouble + "; " + remedy);
        this.setting = setting;
        this.subject = subject;
        this.trouble = trouble;
        this.remedy = remedy;
    }

    LockSetting setting() {
        return setting;
    }

    /** This trouble, with the property or attribute that it comes from. */
    GuardConfigurationException at(String origin) {
        return new GuardConfigurationException(subject + " of " + origin + " " + trouble, remedy, this);
    }
}
