package io.github.stanchion.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;

/** An application that did not start, and what its failure analysis says. */
record StartFailure(Throwable thrown) {

    static StartFailure of(ApplicationContextRunner contexts) {
        StartFailure[] failure = new StartFailure[1];
        contexts.run(context -> {
            assertThat(context).hasFailed();
            failure[0] = new StartFailure(context.getStartupFailure());
        });
        return failure[0];
    }

    StartFailure describes(String text) {
        assertThat(analysis().getDescription()).contains(text);
        return this;
    }

    StartFailure describesPattern(String pattern) {
        assertThat(analysis().getDescription()).containsPattern(pattern);
        return this;
    }

    StartFailure advises(String text) {
        assertThat(analysis().getAction()).contains(text);
        return this;
    }

    private FailureAnalysis analysis() {
        FailureAnalysis analysis = new GuardConfigurationFailureAnalyzer(new StandardEnvironment()).analyze(thrown);
        if (analysis == null) {
            analysis = new UnknownKeyFailureAnalyzer().analyze(thrown);
        }
        assertThat(analysis).as(() -> "analysis of " + thrown).isNotNull();
        return analysis;
    }
}
