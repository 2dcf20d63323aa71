package io.github.stanchion.lock;

import io.github.stanchion.guard.GuardedMethod;

/** One annotated method's use of a lock, whose settings may change while the application runs. Thread-safe. */
final class BoundLock {

    private final GuardedMethod method;
    private final String name;
    private final LockSettings attributes;
    private final Maker maker;
    private volatile LockCalls calls = LockCalls.NONE;

    BoundLock(GuardedMethod method, String name, LockSettings attributes, Maker maker) {
        this.method = method;
        this.name = name;
        this.attributes = attributes;
        this.maker = maker;
    }

    GuardedMethod method() {
        return method;
    }

    String name() {
        return name;
    }

    boolean isCalled(String other) {
        return LockPolicies.isSame(name, other);
    }

    LockSettings attributes() {
        return attributes;
    }

    String origin(LockSetting setting) {
        return "@WithLock(" + setting.attribute() + ") on " + method.displayName();
    }

    LockCalls make(LockPolicy policy, LockPolicies.Origins origins) {
        return maker.make(policy, origins);
    }

    void use(LockCalls changed) {
        calls = changed;
    }

    /** As the settings are now. */
    LockCalls calls() {
        return calls;
    }

    /** Compiles what a policy says of calls. */
    interface Maker {
        LockCalls make(LockPolicy policy, LockPolicies.Origins origins);
    }
}
