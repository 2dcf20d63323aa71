package io.github.stanchion.store;

/** What a transition does to the value of its key. */
public sealed interface Effect {

    /** The value stays as it is, its time to collection included: a store writes nothing. */
    static Effect keep() {
        return Keep.INSTANCE;
    }

    /**
     * The value becomes {@code next} and may be collected once {@code collectAfterMicros} have passed.
     *
     * @param collectAfterMicros 1 to {@link Put#LONGEST} microseconds, or {@link Put#NEVER}
     */
    static Effect put(Value next, long collectAfterMicros) {
        return new Put(next, collectAfterMicros);
    }

    /** The key has no value from now on. */
    static Effect delete() {
        return Delete.INSTANCE;
    }

    /** Nothing changes. */
    final class Keep implements Effect {
        private static final Keep INSTANCE = new Keep();

        private Keep() {}

        @Override
        public String toString() {
            return "Keep";
        }
    }

    /**
     * Replaces the value.
     *
     * <p>Collection is housekeeping: a store may collect late, never early, and no decision may depend on it.
     *
     * @param next the new value
     * @param collectAfterMicros how long the store must keep it at least, by its own clock; {@link #NEVER} = for ever
     */
    record Put(Value next, long collectAfterMicros) implements Effect {

        /** Kept until deleted. */
        public static final long NEVER = 0;

        /** The longest time to collection: 100 years and 10 days of slack. */
        public static final long LONGEST = 36_534L * 24 * 3_600 * 1_000_000;

        public Put {
            if (collectAfterMicros < 0 || collectAfterMicros > LONGEST) {
                throw new IllegalArgumentException("Time to collection '" + collectAfterMicros
                        + "' us is out of range; use 1 to " + LONGEST + ", or 0 to keep the value until it is deleted");
            }
        }
    }

    /** Removes the value. */
    final class Delete implements Effect {
        private static final Delete INSTANCE = new Delete();

        private Delete() {}

        @Override
        public String toString() {
            return "Delete";
        }
    }
}
