package io.github.stanchion.redis;

import io.github.stanchion.store.Effect;
import io.github.stanchion.store.JointResult;
import io.github.stanchion.store.KeyedOperation;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.StoreException;
import io.github.stanchion.store.Transition;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One joint decision: one script where all keys share a slot; else one for each slot, pipelined, and charges taken back where
 * others refuse.
 *
 * <p>What is taken back is sent before the caller learns of the refusal, so that it runs ahead of the caller's next command
 * on that connection. Nobody waits for it. Where an outcome is unknown nothing is taken back: it counts as charged.
 */
final class JointDecision {

    private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

    /** Any time will do to see whether an operation that is admitted can be taken back. */
    private static final long SOME_TIME = 1_700_000_000_000_000L;

    private final ScriptSender sender;
    private final int size;
    private final List<Share> shares;

    private JointDecision(ScriptSender sender, int size, Collection<Share> shares) {
        this.sender = sender;
        this.size = size;
        this.shares = List.copyOf(shares);
    }

    /** The steps of one slot. */
    private static final class Share {
        private final int slot;
        private final List<Integer> places = new ArrayList<>();
        private final List<KeyedOperation<?>> steps = new ArrayList<>();
        private @Nullable Call<JointReply> call;

        private Share(int slot) {
            this.slot = slot;
        }

        private boolean mayRefuse() {
            return steps.stream().anyMatch(step -> !step.advisory());
        }

        /** The reply; null if the call failed. */
        private @Nullable JointReply reply() {
            return call == null || call.isCompletedExceptionally() ? null : call.getNow(null);
        }
    }

    /** Decides over distinct keys; {@link IllegalArgumentException} if a step that would have to be taken back cannot be. */
    static CompletableFuture<JointResult> decide(ScriptSender sender, List<KeyedOperation<?>> steps) {
        Map<Integer, Share> shares = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Share share = shares.computeIfAbsent(sender.slot(steps.get(i).key()), Share::new);
            share.places.add(i);
            share.steps.add(steps.get(i));
        }
        return new JointDecision(sender, steps.size(), shares.values()).decide();
    }

    private CompletableFuture<JointResult> decide() {
        if (shares.size() > 1) {
            shares.forEach(this::requireUndo);
        }
        List<ScriptCall<JointReply>> scripts =
                shares.stream().map(share -> sender.prepareJoint(share.steps)).toList();
        sender.tally().trip();
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            share.call = sender.joint(share.slot, share.steps, scripts.get(i));
        }
        if (shares.size() == 1) {
            return calls()[0].thenApply(reply -> result());
        }
        CompletableFuture<JointResult> decided = new CompletableFuture<>();
        Stages.whenOver(CompletableFuture.allOf(calls()), (all, failed) -> settle(decided));
        return decided;
    }

    private CompletableFuture<?>[] calls() {
        return shares.stream().map(share -> share.call).toArray(CompletableFuture<?>[]::new);
    }

    private void settle(CompletableFuture<JointResult> decided) {
        boolean admitted = shares.stream().map(Share::reply).allMatch(reply -> reply != null && reply.admitted());
        if (!admitted) {
            takeBack();
        }
        Throwable failed = failure();
        if (failed == null) {
            decided.complete(result());
        } else {
            decided.completeExceptionally(failed);
        }
    }

    /** The error to report: one whose outcome is unknown before one that certainly changed nothing. */
    private @Nullable Throwable failure() {
        Throwable worst = null;
        for (Share share : shares) {
            Throwable failed = share.call == null ? null : cause(share.call);
            if (worst == null || failed instanceof StoreException error && error.outcomeUnknown()) {
                worst = failed == null ? worst : failed;
            }
        }
        return worst;
    }

    private static @Nullable Throwable cause(CompletableFuture<?> call) {
        if (!call.isCompletedExceptionally()) {
            return null;
        }
        return call.handle((reply, failed) -> Stages.cause(failed)).getNow(null);
    }

    private JointResult result() {
        Object[] results = new Object[size];
        boolean admitted = true;
        for (Share share : shares) {
            JointReply reply = share.reply();
            if (reply != null) {
                admitted &= reply.admitted();
                for (int i = 0; i < share.places.size(); i++) {
                    results[share.places.get(i)] = reply.steps().get(i).result();
                }
            }
        }
        return new JointResult(admitted, Arrays.asList(results));
    }

    private void takeBack() {
        boolean sent = false;
        for (Share share : shares) {
            JointReply reply = share.reply();
            List<KeyedOperation<?>> undos = reply == null || !reply.admitted() ? List.of() : undos(share, reply);
            if (!undos.isEmpty()) {
                sent = true;
                Stages.whenOver(
                        sender.each(share.slot, undos, true, sender.prepareEach(undos)),
                        (done, failed) -> report(undos, failed));
            }
        }
        if (sent) {
            sender.tally().trip();
        }
    }

    private static List<KeyedOperation<?>> undos(Share share, JointReply reply) {
        List<KeyedOperation<?>> undos = new ArrayList<>();
        for (int i = 0; i < share.steps.size(); i++) {
            JointReply.Step<?> answer = reply.steps().get(i);
            KeyedOperation<?> step = share.steps.get(i);
            Operation<?> undo = answer.admitted() ? undo(step.operation(), answer.result()) : null;
            if (undo != null) {
                undos.add(new KeyedOperation<>(step.key(), undo));
            }
        }
        return undos;
    }

    @SuppressWarnings("unchecked") // an operation's own result
    private static <R> @Nullable Operation<?> undo(Operation<R> operation, Object result) {
        return operation.undo((R) result);
    }

    private void report(List<KeyedOperation<?>> undos, @Nullable Throwable failed) {
        undos.forEach(undo -> sender.tally().undone(failed == null));
        if (failed != null) {
            LOG.log(
                    Level.WARNING,
                    () -> "A charge on " + undos.get(0).key() + " could not be taken back; it counts until it ends",
                    failed);
        }
    }

    /** Where other slots may refuse, a step that charges must know how to take that back. */
    private void requireUndo(Share share) {
        boolean others = shares.stream().anyMatch(other -> other != share && other.mayRefuse());
        for (KeyedOperation<?> step : share.steps) {
            if (others && isFinal(step.operation())) {
                throw new IllegalArgumentException(
                        "Operation '" + step.operation().name()
                                + "' cannot be taken back, which joint steps on several slots need; execute it alone,"
                                + " or give the keys a common hash tag");
            }
        }
    }

    private static <R> boolean isFinal(Operation<R> operation) {
        try {
            Transition<R> sample = operation.apply(null, SOME_TIME);
            return sample.admitted()
                    && !(sample.effect() instanceof Effect.Keep)
                    && operation.undo(sample.result()) == null;
        } catch (StoreException unknown) {
            return false;
        }
    }
}
