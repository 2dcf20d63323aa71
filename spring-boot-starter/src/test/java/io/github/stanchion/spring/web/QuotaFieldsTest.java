package io.github.stanchion.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.stanchion.spring.web.RateLimitHeaderSettings.Format;
import io.github.stanchion.spring.web.RateLimitHeaderSettings.Occasion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaFieldsTest {

    private static final Quota SEARCH = new Quota("search", 100, 60, 50, 30, false, null);
    private static final Quota TENANT = new Quota("tenant", 1000, 3600, 7, 3575, false, null);
    private static final Quota REFUSED = new Quota("export", 5, 86_400, 0, 17_280, true, null);

    @Test
    void draftTellsEachPolicyAsAnItem() {
        assertThat(draft(200, SEARCH, TENANT))
                .containsOnly(
                        entry("RateLimit-Policy", "\"search\";q=100;w=60, \"tenant\";q=1000;w=3600"),
                        entry("RateLimit", "\"search\";r=50;t=30, \"tenant\";r=7;t=3575"));
    }

    @Test
    void refusalTellsViolatedPoliciesAlone() {
        assertThat(draft(429, SEARCH, REFUSED))
                .containsOnly(
                        entry("RateLimit-Policy", "\"export\";q=5;w=86400"),
                        entry("RateLimit", "\"export\";r=0;t=17280"));
        assertThat(draft(200, SEARCH, REFUSED))
                .containsEntry("RateLimit", "\"search\";r=50;t=30, \"export\";r=0;t=17280");
        assertThat(draft(429, SEARCH)).containsEntry("RateLimit", "\"search\";r=50;t=30");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308, 399})
    void redirectsTellNothing(int status) {
        assertThat(draft(status, SEARCH, TENANT)).isEmpty();
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, status, SEARCH)).isEmpty();
    }

    @Test
    void fieldsOfAnEarlierStatusAreTakenBack() {
        QuotaFields fields = new QuotaFields(RateLimitHeaderSettings.DEFAULT);
        Map<String, String> headers = new HashMap<>();
        fields.write(List.of(SEARCH), 200, headers::put);
        assertThat(headers).hasSize(2);
        fields.write(List.of(SEARCH), 302, headers::put);
        assertThat(headers).containsEntry("RateLimit", null).containsEntry("RateLimit-Policy", null);
    }

    @Test
    void nothingIsToldWithoutQuotas() {
        assertThat(draft(200)).isEmpty();
        assertThat(draft(429)).isEmpty();
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, 200)).isEmpty();
    }

    @Test
    void olderFieldsTellTheTightestPolicy() {
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, 200, SEARCH, TENANT))
                .containsOnly(
                        entry("X-RateLimit-Limit", "1000"),
                        entry("X-RateLimit-Remaining", "7"),
                        entry("X-RateLimit-Reset", "3575"));
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, 429, SEARCH, REFUSED))
                .containsEntry("X-RateLimit-Limit", "5");
        Quota emptySooner = new Quota("b", 5, 60, 0, 10, true, null);
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, 429, emptySooner, REFUSED))
                .containsEntry("X-RateLimit-Reset", "17280");
    }

    @ParameterizedTest
    @EnumSource(Occasion.class)
    void noneTellsNothing(Occasion on) {
        assertThat(write(Format.NONE, on, 200, SEARCH)).isEmpty();
        assertThat(write(Format.NONE, on, 429, REFUSED)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 20, false",
        "100, 19, true",
        "5, 1, false",
        "5, 0, true",
        "4, 0, true",
        "4, 1, false",
        "1, 0, true"
    })
    void lowTellsPoliciesWithLessThanAFifthLeft(long quota, long remaining, boolean told) {
        Quota low = new Quota("low", quota, 60, remaining, 30, false, null);
        assertThat(write(Format.DRAFT, Occasion.LOW, 200, SEARCH, low).containsKey("RateLimit"))
                .isEqualTo(told);
    }

    @Test
    void lowTellsRefusals() {
        Quota cheapWouldPass = new Quota("bulk", 100, 60, 50, 30, true, null);
        assertThat(write(Format.DRAFT, Occasion.LOW, 429, cheapWouldPass))
                .containsEntry("RateLimit", "\"bulk\";r=50;t=30");
    }

    @Test
    void rejectedTellsRefusalsAlone() {
        assertThat(write(Format.DRAFT, Occasion.REJECTED, 200, SEARCH, TENANT)).isEmpty();
        assertThat(write(Format.DRAFT, Occasion.REJECTED, 200, REFUSED)).isEmpty();
        assertThat(write(Format.DRAFT, Occasion.REJECTED, 429, SEARCH, REFUSED))
                .containsEntry("RateLimit", "\"export\";r=0;t=17280");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
            plain                         | "plain"
            SearchController#find(String) | "SearchController#find(String)"
            say "hi"                      | "say \\"hi\\""
            back\\slash                   | "back\\\\slash"
            a, b;c=d                      | "a, b;c=d"
            süß                           | "s%C3%BC%C3%9F"
            😀                            | "%F0%9F%98%80"
            """)
    void namesAreStructuredFieldStrings(String name, String text) {
        assertThat(draft(200, new Quota(name, 1, 2, 3, 4, false, null))).containsEntry("RateLimit", text + ";r=3;t=4");
    }

    @Test
    void namesCannotSplitTheResponse() {
        assertThat(draft(200, new Quota("a\r\nSet-Cookie: b\0\u007f", 1, 2, 3, 4, false, null)))
                .containsEntry("RateLimit", "\"a%0D%0ASet-Cookie: b%00%7F\";r=3;t=4");
    }

    @Test
    void partitionIsAByteSequence() {
        Quota quota = new Quota("search", 100, 60, 50, 30, false, "QUJDREVGR0hJ");
        assertThat(draft(200, quota))
                .containsOnly(
                        entry("RateLimit-Policy", "\"search\";q=100;w=60;pk=:QUJDREVGR0hJ:"),
                        entry("RateLimit", "\"search\";r=50;t=30;pk=:QUJDREVGR0hJ:"));
    }

    @Test
    void debtIsToldAsNothingLeft() {
        Quota debt = new Quota("llm", 10_000, 3600, -6_500, 2_341, false, null);
        assertThat(draft(200, debt)).containsEntry("RateLimit", "\"llm\";r=0;t=2341");
        assertThat(write(Format.X_RATELIMIT, Occasion.ALWAYS, 200, debt)).containsEntry("X-RateLimit-Remaining", "0");
    }

    @Test
    void integersStayWithinWhatFieldsCanHold() {
        Quota huge = new Quota("huge", Long.MAX_VALUE, Long.MAX_VALUE, 1L << 53, Long.MAX_VALUE, false, null);
        assertThat(draft(200, huge))
                .containsEntry("RateLimit-Policy", "\"huge\";q=999999999999999;w=999999999999999")
                .containsEntry("RateLimit", "\"huge\";r=999999999999999;t=999999999999999");
    }

    @Test
    void policyThatDecidedTwiceIsToldOnceAsItIsNow() {
        RequestQuotas quotas = new RequestQuotas(new QuotaFields(RateLimitHeaderSettings.DEFAULT));
        quotas.add(new Quota("search", 100, 60, 50, 30, false, null));
        quotas.add(new Quota("search", 100, 60, 49, 31, false, null));
        quotas.add(new Quota("search", 100, 60, 70, 18, false, null));
        assertThat(written(quotas, 200)).containsEntry("RateLimit", "\"search\";r=49;t=31");
        quotas.add(new Quota("search", 100, 60, 80, 18, true, null));
        quotas.add(new Quota("search", 100, 60, 1, 60, false, null));
        assertThat(written(quotas, 429)).containsEntry("RateLimit", "\"search\";r=80;t=18");
    }

    private static Map<String, String> draft(int status, Quota... quotas) {
        return write(Format.DRAFT, Occasion.ALWAYS, status, quotas);
    }

    private static Map<String, String> write(Format format, Occasion on, int status, Quota... quotas) {
        RequestQuotas all = new RequestQuotas(new QuotaFields(new RateLimitHeaderSettings(format, on, false)));
        List.of(quotas).forEach(all::add);
        return written(all, status);
    }

    private static Map<String, String> written(RequestQuotas quotas, int status) {
        Map<String, String> headers = new HashMap<>();
        quotas.write(status, (name, value) -> {
            if (value != null) {
                headers.put(name, value);
            }
        });
        return headers;
    }
}
