package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardExpression.CallEnd;
import io.github.stanchion.guard.GuardedCall;
import org.jspecify.annotations.Nullable;

/** How one variable of an expression is read. */
@FunctionalInterface
interface Variable {

    @Nullable
    Object read(GuardedCall call, @Nullable CallEnd end);

    static Variable argument(int index) {
        return (call, end) -> call.arguments()[index];
    }

    /** After the call its end is meant; before it, a parameter that happens to have the same name. */
    static Variable atEnd(String name, Variable atEnd, @Nullable Variable before) {
        return (call, end) -> {
            if (end != null) {
                return atEnd.read(call, end);
            }
            if (before != null) {
                return before.read(call, null);
            }
            throw new IllegalArgumentException("Variable '#" + name + "' is read before the call has ended;"
                    + " use it in settle or refund-when only");
        };
    }
}
