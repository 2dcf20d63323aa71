package io.github.stanchion.spring.test.shop;

import static io.github.stanchion.spring.test.GuardAssertions.assertThatCall;
import static io.github.stanchion.spring.test.GuardAssertions.assertThatResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.stanchion.limit.MissingKey;
import io.github.stanchion.limit.RateLimitPolicy;
import io.github.stanchion.limit.RateLimitSettings;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.spring.test.AutoConfigureStanchion;
import io.github.stanchion.spring.test.GuardTester;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.client.RestTestClient;

/** What assertions say about refusals, by each way in which a test may see one. */
class GuardAssertionsTest {

    @Nested
    @WebMvcTest(Shop.Pages.class)
    @Import(Shop.Catalog.class)
    @AutoConfigureStanchion
    class OnMvc {

        @Autowired
        private MockMvcTester mvc;

        @Autowired
        private MockMvc mockMvc;

        @Autowired
        private GuardTester guards;

        @Test
        void answersOfMockMvcTester() {
            guards.exhaust("search", "bob");
            assertThatResponse(mvc.get().uri("/search?user=bob").exchange())
                    .isRejectedBy("search")
                    .hasRetryAfter(Duration.ofMillis(29_001));
            assertThat(mvc.get().uri("/search?user=alice")).hasStatusOk();
        }

        @Test
        void answersOfRestTestClient() {
            guards.exhaust("search", "bob");
            RestTestClient client = RestTestClient.bindTo(mockMvc).build();
            assertThatResponse(client.get().uri("/search?user=bob").exchange())
                    .isRejectedBy("search")
                    .hasRetryAfter(Duration.ofSeconds(30));
        }

        @Test
        void refusalsByLocks() {
            guards.holdLock("reindex", "a");
            assertThatResponse(mvc.get().uri("/reindex?part=a").exchange())
                    .isRejectedBy("reindex")
                    .hasRetryAfter(Duration.ofSeconds(1));
        }

        @Test
        void callThatWaitsOnTheTestsThread() {
            guards.exhaust("export", "io.github.stanchion.spring.test.shop.Shop$Pages#export()");
            assertThat(mvc.get().uri("/export")).hasStatusOk().hasBodyTextEqualTo("exported");
            guards.assertThatRateLimit("export")
                    .forKey("io.github.stanchion.spring.test.shop.Shop$Pages#export()")
                    .isExhausted();
        }

        @Test
        void answersThatRefuseNothing() {
            assertThatThrownBy(() -> assertThatResponse(
                                    mvc.get().uri("/search?user=bob").exchange())
                            .isRejectedBy("search"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("Expected a rejection by guard 'search', but there is none: status 200: found for bob");
            assertThatThrownBy(
                            () -> assertThatResponse(mvc.get().uri("/nowhere").exchange())
                                    .isRejectedBy("search"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Expected a rejection by guard 'search', but there is none: status 404");
        }
    }

    @Nested
    @WebFluxTest(Shop.Pages.class)
    @Import(Shop.Catalog.class)
    @AutoConfigureStanchion
    class OnWebFlux {

        @Autowired
        private WebTestClient client;

        @Autowired
        private GuardTester guards;

        @Test
        void answersOfWebTestClient() {
            guards.exhaust("search", "bob");
            assertThatResponse(client.get().uri("/search?user=bob").exchange())
                    .isRejectedBy("search")
                    .hasRetryAfter(Duration.ofSeconds(30));
        }
    }

    @Nested
    @WebMvcTest(Shop.Pages.class)
    @Import(Shop.Catalog.class)
    @AutoConfigureStanchion
    class OfCalls {

        @Autowired
        private Shop.Catalog catalog;

        @Autowired
        private GuardTester guards;

        @Test
        void tellTheExactTime() {
            guards.exhaust("search", "bob");
            assertThatCall(() -> catalog.search("bob")).isRejectedBy("search").hasRetryAfter(Duration.ofSeconds(30));
            RuntimeException refusal = catchThrowableOfType(RuntimeException.class, () -> catalog.search("bob"));
            assertThatCall(() -> {
                        throw new IllegalStateException(refusal);
                    })
                    .isRejectedBy("search");
        }

        @Test
        void sayWhatIsWrong() {
            guards.exhaust("search", "bob");
            assertThatThrownBy(() -> assertThatCall(() -> catalog.search("bob")).isRejectedBy("other"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Expected a rejection by guard 'other', but it is by [search]: ");
            assertThatThrownBy(
                            () -> assertThatCall(() -> catalog.search("alice")).isRejectedBy("search"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageEndingWith("but there is none: the call was let through");
            assertThatThrownBy(() -> assertThatCall(() -> {
                                throw new IllegalArgumentException("no");
                            })
                            .isRejectedBy("search"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageEndingWith("but there is none: java.lang.IllegalArgumentException: no");
            assertThatThrownBy(
                            () -> assertThatCall(() -> catalog.search("bob")).hasRetryAfter(Duration.ofMillis(29_999)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("try again after 'PT29.999S', but it is 'PT30S'");
            assertThatThrownBy(() ->
                            guards.assertThatRateLimit("search").forKey("bob").hasRemaining(1))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("[rate limit 'search'] Expected '1' permits to remain, but there are '0'");
            assertThatThrownBy(() -> guards.assertThatRateLimit("search")
                            .forKey("bob")
                            .hasNextPermitAfter(Duration.ofSeconds(29)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("after 'PT29S', but it comes after 'PT30S'");
            guards.holdLock("reindex", "a");
            assertThatThrownBy(() -> guards.holdLock("reindex", "a"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Lock 'reindex' is held by somebody else already; end that first");
            assertThatThrownBy(() -> guards.exhaust("serach", "bob"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("did you mean 'search'");
        }

        @Test
        void exhaustedMeansRefusedWhateverIsChargedAhead(@Autowired RateLimiters limiters) {
            for (int i = 0; i < 20; i++) {
                limiters.tryAcquire("leased", "bob");
            }
            assertThat(limiters.leased("leased")).isPositive();

            guards.exhaust("leased", "bob");

            assertThat(limiters.tryAcquire("leased", "bob").admitted()).isFalse();
            RateLimitPolicy guests = limiters.policies()
                    .policy(
                            "guests",
                            RateLimitSettings.builder()
                                    .limit("3/1h")
                                    .onMissingKey(MissingKey.SKIP)
                                    .build());
            assertThatThrownBy(() -> guards.exhaust(guests, null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Rate limit 'guests' does not count this subject, which is SKIPPED");
        }

        @Test
        void countWhatIsLeft() {
            guards.assertThatRateLimit("mail").hasRemaining(3).hasNextPermitAfter(Duration.ZERO);
            guards.exhaust("mail", List.of());
            guards.assertThatRateLimit("mail").isExhausted().hasNextPermitAfter(Duration.ofMinutes(20));
        }
    }
}
