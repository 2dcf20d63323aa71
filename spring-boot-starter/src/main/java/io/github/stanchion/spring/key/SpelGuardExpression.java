package io.github.stanchion.spring.key;

import io.github.stanchion.guard.GuardExpression;
import io.github.stanchion.guard.GuardedCall;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.SpelMessage;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * One expression of one method, compiled to byte code after its first evaluations.
 *
 * <p>Byte code is made for the types seen first. Where another type comes along it fails, and the expression is interpreted for
 * that call; when that has happened a few times, for good. Expressions that fail by themselves do not count: no caller can
 * make an expression slow by sending what it cannot digest.
 */
final class SpelGuardExpression implements GuardExpression {

    private static final int MISFITS_ALLOWED = 8;

    private final SpelExpression expression;
    private final SpelScope scope;
    private final String[] names;
    private final Variable[] variables;
    private final @Nullable Variable only;
    private final boolean readsRoot;
    private final AtomicInteger misfits = new AtomicInteger();

    SpelGuardExpression(SpelExpression expression, SpelScope scope, SpelNames used, CallVariables available) {
        this.expression = expression;
        this.scope = scope;
        this.names = used.variables().toArray(String[]::new);
        this.variables = new Variable[names.length];
        for (int i = 0; i < names.length; i++) {
            Variable variable = available.find(names[i]);
            if (variable == null) {
                throw new IllegalArgumentException("Variable '#" + names[i] + "' is unknown; check the names first");
            }
            variables[i] = variable;
        }
        this.readsRoot = used.root();
        // The usual key, a variable alone, needs no evaluation.
        this.only = expression.getAST() instanceof VariableReference && !readsRoot ? variables[0] : null;
    }

    @Override
    public @Nullable Object evaluate(GuardedCall call, @Nullable CallEnd end) {
        if (only != null) {
            return only.read(call, end);
        }
        CallRoot root = readsRoot ? new CallRoot(call) : null;
        if (misfits.getPlain() >= MISFITS_ALLOWED) {
            return interpret(call, end, root);
        }
        try {
            return expression.getValue(new SpelCallContext(scope, names, variables, call, end, root, true), root);
        } catch (SpelEvaluationException failure) {
            if (failure.getMessageCode() != SpelMessage.EXCEPTION_RUNNING_COMPILED_EXPRESSION) {
                throw failure;
            }
            Object value = interpret(call, end, root);
            misfits.incrementAndGet();
            return value;
        }
    }

    private @Nullable Object interpret(GuardedCall call, @Nullable CallEnd end, @Nullable CallRoot root) {
        return expression.getValue(new SpelCallContext(scope, names, variables, call, end, root, false), root);
    }

    /** Whether calls run byte code by now. */
    boolean isCompiled() {
        return misfits.get() < MISFITS_ALLOWED && expression.compileExpression();
    }

    @Override
    public String toString() {
        return expression.getExpressionString();
    }
}
