package io.github.stanchion.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.stanchion.lock.LockAcquire;
import io.github.stanchion.lock.LockAnswer;
import io.github.stanchion.lock.LockBreak;
import io.github.stanchion.lock.LockMode;
import io.github.stanchion.lock.LockOwner;
import io.github.stanchion.lock.LockRelease;
import io.github.stanchion.lock.LockReleased;
import io.github.stanchion.lock.LockRenew;
import io.github.stanchion.lock.LockRenewal;
import io.github.stanchion.lock.LockReport;
import io.github.stanchion.store.Operation;
import io.github.stanchion.store.Signal;
import io.github.stanchion.store.Transition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The operations of locks, and what holds of them whatever nodes do. */
class LockOperationsTest extends OperationContract {

    @Override
    protected OperationFamily family(Random random) {
        return LockFamilies.locks(random);
    }

    @Override
    protected long[] reply(Operation<?> operation, Object result) {
        return LockFamilies.reply(result);
    }

    /** A token that has been forgotten decides nothing but the next one, and that only while it is remembered. */
    @Override
    protected Object decision(Object result) {
        if (result instanceof LockRenewal renewal && !renewal.held()) {
            return new LockRenewal(false, 0);
        }
        if (result instanceof LockReleased released) {
            return new LockReleased(released.released(), released.wokenOthers(), released.wokenSelf(), 0);
        }
        return result instanceof LockReport report && report.mode() == LockMode.FREE ? "free" : result;
    }

    /** Whoever was told that it holds has it alone until the instant it was told, or its own release. */
    @Test
    void whileOneHoldsNobodyElseDoes() {
        Walks.run(walks(), random -> {
            Map<LockOwner, Long> ends = new HashMap<>();
            new Walk(family(random), random, false) {
                @Override
                void step(Operation<?> operation, long now) {
                    Object result = operation.apply(state(), now).result();
                    ends.values().removeIf(end -> end <= now);
                    if (operation instanceof LockAcquire acquire && result instanceof LockAnswer answer) {
                        if (answer.granted()) {
                            ends.merge(acquire.owner(), now + answer.remainingMicros(), Math::max);
                            assertThat(answer.remainingMicros()).isGreaterThanOrEqualTo(acquire.spanMicros());
                        } else {
                            assertThat(ends).doesNotContainKey(acquire.owner());
                        }
                    } else if (operation instanceof LockRenew renew && result instanceof LockRenewal renewal) {
                        assertThat(renewal.held()).isEqualTo(ends.containsKey(renew.owner()));
                        if (renewal.held()) {
                            ends.merge(renew.owner(), now + renew.spanMicros(), Math::max);
                        }
                    } else if (operation instanceof LockRelease release && result instanceof LockReleased released) {
                        assertThat(released.released()).isEqualTo(ends.remove(release.owner()) != null);
                    } else if (operation instanceof LockBreak breaking && result instanceof LockReleased broken) {
                        assertThat(broken.released() || breaking.token() != 0 || ends.isEmpty())
                                .isTrue();
                        if (broken.released()) {
                            ends.clear();
                        }
                    }
                    assertThat(ends).hasSizeLessThanOrEqualTo(1);
                }
            }.run();
        });
    }

    @Test
    void everyGrantHasAGreaterTokenWhateverTheClockDoes() {
        Walks.run(walks(), random -> {
            new Walk(family(random), random) {
                private LockOwner last = LockOwner.NOBODY;
                private long lastToken;

                @Override
                void step(Operation<?> operation, long now) {
                    if (operation instanceof LockAcquire acquire) {
                        LockAnswer answer = acquire.apply(state(), now).result();
                        if (answer.granted()) {
                            granted(acquire.owner(), answer.token());
                        }
                    }
                }

                private void granted(LockOwner owner, long token) {
                    if (!owner.equals(last) || token != lastToken) {
                        assertThat(token).isGreaterThan(lastToken);
                    }
                    last = owner;
                    lastToken = token;
                }
            }.run();
        });
    }

    @Test
    void aReleaseTellsOthersAloneAndByOneSignal() {
        Walks.run(
                walks(),
                random -> new Walk(family(random), random) {
                    @Override
                    void step(Operation<?> operation, long now) {
                        if (operation instanceof LockRelease release) {
                            Transition<LockReleased> transition = release.apply(state(), now);
                            assertThat(transition.signals())
                                    .hasSize(transition.result().wokenOthers() > 0 ? 1 : 0)
                                    .allSatisfy(signal -> checkSignal(release, signal));
                        }
                    }
                }.run());
    }

    private static void checkSignal(LockRelease release, Signal signal) {
        assertThat(signal.kind()).isEqualTo("lock");
        assertThat(signal.details()).isEqualTo(List.of(release.subject()));
        assertThat(signal.topic())
                .matches(release.all() ? "wake-all" : "wake-[1-9][0-9]*")
                .isNotEqualTo("wake-" + release.owner().node());
    }
}
