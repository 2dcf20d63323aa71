package io.github.stanchion.spring.test;

import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Begins assertions about calls that a guard has refused, by an answer over HTTP or by the call itself. */
public final class GuardAssertions {

    private GuardAssertions() {}

    /** Of a {@code MockMvcTester}. */
    public static RejectionAssert assertThatResponse(MvcTestResult result) {
        Throwable unanswered = result.getUnresolvedException();
        return unanswered == null
                ? new RejectionAssert(result, Refusal.of(HttpAnswer.of(result.getResponse())))
                : new RejectionAssert(unanswered, Refusal.of(unanswered));
    }

    /** Of a {@code WebTestClient}; its body is consumed. */
    public static RejectionAssert assertThatResponse(WebTestClient.ResponseSpec response) {
        var result = response.expectBody().returnResult();
        return new RejectionAssert(
                result,
                Refusal.of(HttpAnswer.of(
                        result.getStatus(), result.getResponseHeaders(), result.getResponseBodyContent())));
    }

    /** Of a {@code RestTestClient}; its body is consumed. */
    public static RejectionAssert assertThatResponse(RestTestClient.ResponseSpec response) {
        var result = response.expectBody().returnResult();
        return new RejectionAssert(
                result,
                Refusal.of(HttpAnswer.of(
                        result.getStatus(), result.getResponseHeaders(), result.getResponseBodyContent())));
    }

    /** Makes the call. */
    public static RejectionAssert assertThatCall(ThrowingCallable call) {
        Throwable thrown = Assertions.catchThrowable(call);
        return new RejectionAssert(thrown, Refusal.of(thrown));
    }
}
