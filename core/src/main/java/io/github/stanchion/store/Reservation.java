package io.github.stanchion.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One joint decision on a store that writes one key at a time: judge all, charge one by one, take back on a refusal.
 *
 * <p>Advisory steps come last. They refuse nobody and nothing refuses after them, so they are never taken back by another
 * step's refusal.
 */
final class Reservation {

    private static final System.Logger LOGGER = System.getLogger(Reservation.class.getName());

    private final CompareAndSetStore store;
    private final List<Step<?>> steps = new ArrayList<>();
    private final boolean undoNeeded;

    Reservation(CompareAndSetStore store, List<KeyedOperation<?>> asked) {
        this.store = store;
        asked.forEach(step -> steps.add(new Step<>(step)));
        this.undoNeeded = asked.stream().filter(step -> !step.advisory()).count() > 1;
    }

    JointResult decide() {
        steps.forEach(Step::judge);
        if (steps.stream().anyMatch(Step::refuses)) {
            return result(false);
        }
        List<Step<?>> charged = new ArrayList<>();
        try {
            for (Step<?> step : steps) {
                if (!step.asked.advisory()) {
                    step.charge();
                    if (step.refuses()) {
                        takeBack(charged);
                        return result(false);
                    }
                    charged.add(step);
                }
            }
            for (Step<?> step : steps) {
                if (step.asked.advisory()) {
                    step.charge();
                }
            }
        } catch (RuntimeException error) {
            takeBack(charged);
            throw error;
        }
        return result(true);
    }

    private static void takeBack(List<Step<?>> charged) {
        for (int i = charged.size() - 1; i >= 0; i--) {
            charged.get(i).takeBack();
        }
    }

    private JointResult result(boolean admitted) {
        return new JointResult(
                admitted, steps.stream().map(step -> step.transition().result()).toList());
    }

    private final class Step<R> {

        private final KeyedOperation<R> asked;
        private CompareAndSetStore.@Nullable Judged<R> judged;
        private @Nullable Transition<R> settled;

        Step(KeyedOperation<R> asked) {
            this.asked = asked;
        }

        CompareAndSetStore.Judged<R> judge() {
            CompareAndSetStore.Judged<R> fresh = store.judge(asked.key(), asked.operation());
            if (undoNeeded && !asked.advisory() && charges(fresh.transition()) && undo(fresh.transition()) == null) {
                throw new IllegalArgumentException(
                        "Operation '" + asked.operation().name()
                                + "' cannot be taken back, which joint steps on this store need; execute it alone");
            }
            judged = fresh;
            return fresh;
        }

        void charge() {
            CompareAndSetStore.Judged<R> first = judged == null ? judge() : judged;
            settled = store.settle(asked.key(), first, this::judge, true);
        }

        /** What the step answered last. */
        Transition<R> transition() {
            return settled != null ? settled : judged != null ? judged.transition() : judge().transition();
        }

        boolean refuses() {
            return !asked.advisory() && !transition().admitted();
        }

        private boolean charges(Transition<R> transition) {
            return transition.admitted() && !(transition.effect() instanceof Effect.Keep);
        }

        private @Nullable Operation<?> undo(Transition<R> transition) {
            return asked.operation().undo(transition.result());
        }

        void takeBack() {
            Operation<?> undo = charges(transition()) ? undo(transition()) : null;
            if (undo == null) {
                return;
            }
            try {
                store.execute(asked.key(), undo);
            } catch (StoreException error) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        () -> "A charge on " + asked.key() + " could not be taken back; it counts until it ends",
                        error);
            }
        }
    }
}
