package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.stanchion.annotation.LeaseRenewal;
import io.github.stanchion.guard.StoreUnavailableException;
import io.github.stanchion.limit.RateLimitExceededException;
import io.github.stanchion.lock.Lease;
import io.github.stanchion.lock.LeaseLostException;
import io.github.stanchion.lock.LockNotAcquiredException;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.LockPolicy;
import io.github.stanchion.lock.LockSettings;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.memory.MemoryStore;
import io.github.stanchion.store.StoreUnreachableException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

class GuardProblemsTest {

    private final GuardProblems problems = new GuardProblems(List.of(), null, List.of());

    @Test
    void unknownGuardIsUnavailable() {
        GuardProblem problem = problems.answer(new TestRejection("x", null));
        assertThat(problem.detail().getStatus()).isEqualTo(503);
        assertThat(problem.detail().getType()).isNull();
        assertThat(problem.retryAfterSeconds()).isNull();
    }

    @Test
    void guardMayTellWhatItsRefusalsBecome() {
        RejectionProblem kind = new RejectionProblem(
                TestRejection.class, 409, "Locked", "locked", false, rejection -> Map.of("lock", rejection.name()));
        GuardProblems own = new GuardProblems(List.of(kind), URI.create("https://example.org/p/"), List.of());
        ProblemDetail detail =
                own.answer(new TestRejection("x", Duration.ofMillis(1))).detail();
        assertThat(detail.getStatus()).isEqualTo(409);
        assertThat(detail.getTitle()).isEqualTo("Locked");
        assertThat(detail.getType()).isEqualTo(URI.create("https://example.org/p/locked"));
        assertThat(detail.getProperties()).containsEntry("lock", "x");
    }

    @Test
    void knownKindsCannotBeChanged() {
        RejectionProblem kind =
                new RejectionProblem(RateLimitExceededException.class, 400, "No", "no", false, rejection -> Map.of());
        GuardProblems own = new GuardProblems(List.of(kind), null, List.of());
        assertThat(own.answer(TestRejections.rateLimit(Duration.ofSeconds(1)))
                        .detail()
                        .getStatus())
                .isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "999999999, 1", "1000000000, 1", "1000000001, 2", "29999999999, 30", "30000000000, 30"})
    void retryAfterIsWholeSecondsRoundedUp(long nanos, long seconds) {
        GuardProblem problem = problems.answer(new TestRejection("x", Duration.ofNanos(nanos)));
        assertThat(problem.retryAfterSeconds()).isEqualTo(seconds);
        assertThat(problem.entity().getHeaders().getFirst("Retry-After")).isEqualTo(Long.toString(seconds));
    }

    @Test
    void refusedLockIsAConflictThatMayBeTriedAgain() throws Exception {
        LockPolicies policies = LockPolicies.of(Map.of());
        try (MemoryStore store = MemoryStore.create();
                Locks locks = Locks.builder(policies, store).build();
                Locks others = Locks.builder(policies, store).build();
                Lease held = others.acquire("document", 1)) {
            assertThat(held.isHeld()).isTrue();
            LockPolicy once = policies.policy(
                    "document", LockSettings.builder().wait(Duration.ZERO).build());
            LockNotAcquiredException refused =
                    catchThrowableOfType(LockNotAcquiredException.class, () -> locks.acquire(once, 1));
            ResponseEntity<ProblemDetail> entity = problems.answer(refused).entity();

            assertThat(entity.getStatusCode().value()).isEqualTo(409);
            assertThat(entity.getHeaders().getFirst("Retry-After")).isEqualTo("1");
            assertThat(entity.getBody().getTitle()).isEqualTo("Lock not acquired");
        }
    }

    @Test
    void lostLeaseIsAConflict() throws Exception {
        try (MemoryStore store = MemoryStore.create();
                Locks locks = Locks.builder(LockPolicies.of(Map.of()), store).build()) {
            LeaseLostException lost = catchThrowableOfType(LeaseLostException.class, () -> {
                LockPolicy brief = locks.policies()
                        .policy(
                                "document",
                                LockSettings.builder()
                                        .lease(Duration.ofMillis(300))
                                        .renew(LeaseRenewal.NEVER)
                                        .build());
                Object unused = locks.call(brief, new Object[0], () -> {
                    Lease lease = Lease.current("document");
                    await().atMost(Duration.ofSeconds(10)).until(() -> !lease.isHeld());
                    return "late";
                });
            });

            assertThat(problems.answer(lost).detail().getStatus()).isEqualTo(409);
            assertThat(problems.answer(lost).detail().getTitle()).isEqualTo("Lease lost");
        }
    }

    @Test
    void rateLimitIsAQuotaProblem() {
        ResponseEntity<ProblemDetail> entity = problems.answer(TestRejections.rateLimit(Duration.ofMillis(477)))
                .entity();
        assertThat(entity.getStatusCode().value()).isEqualTo(429);
        assertThat(entity.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(entity.getHeaders().getFirst("Retry-After")).isEqualTo("1");
        assertThat(entity.getBody().getType())
                .isEqualTo(URI.create("https://iana.org/assignments/http-problem-types#quota-exceeded"));
        assertThat(entity.getBody().getProperties()).containsEntry("violated-policies", List.of("search"));
    }

    @Test
    void storeOutageIsReducedCapacity() {
        GuardProblem problem = problems.answer(new StoreUnavailableException(
                "rate-limit", "search", new StoreUnreachableException("ask", new RuntimeException("down"))));
        assertThat(problem.detail().getStatus()).isEqualTo(503);
        assertThat(problem.retryAfterSeconds()).isEqualTo(1);
        assertThat(problem.detail().getType())
                .isEqualTo(URI.create("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"));
        assertThat(new String(problem.json("/x"), StandardCharsets.US_ASCII)).doesNotContain("down");
    }

    @Test
    void customizerChangesWordsButNeitherStatusNorRetryAfter() {
        ProblemCustomizer customizer = (problem, rejection) -> {
            problem.setStatus(200);
            problem.setTitle("Slow down");
            problem.setType(URI.create("https://example.org/slow"));
            problem.setProperty("policy", rejection.name());
        };
        ProblemCustomizer broken = (problem, rejection) -> {
            throw new IllegalStateException("broken");
        };
        GuardProblems own = new GuardProblems(List.of(), null, List.of(broken, customizer));
        GuardProblem problem = own.answer(TestRejections.rateLimit(Duration.ofSeconds(3)));
        assertThat(problem.detail().getStatus()).isEqualTo(429);
        assertThat(problem.entity().getStatusCode().value()).isEqualTo(429);
        assertThat(problem.retryAfterSeconds()).isEqualTo(3);
        assertThat(problem.detail().getTitle()).isEqualTo("Slow down");
        assertThat(problem.detail().getType()).isEqualTo(URI.create("https://example.org/slow"));
        assertThat(problem.detail().getProperties()).containsEntry("policy", "search");
    }

    @Test
    void kindsAreErrors() {
        assertThatThrownBy(() ->
                        new RejectionProblem(TestRejection.class, 200, "Fine", "fine", false, rejection -> Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Status '200' of " + TestRejection.class.getName());
    }
}
