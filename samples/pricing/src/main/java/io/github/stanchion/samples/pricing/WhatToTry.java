package io.github.stanchion.samples.pricing;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints what to try once the server listens. */
@Component
final class WhatToTry {

    @EventListener
    void print(WebServerInitializedEvent started) {
        String base = "http://localhost:" + started.getWebServer().getPort();
        System.out.printf(
                """

                Try, in another terminal:
                  for i in $(seq 50); do curl -s %1$s/prices/4711 & done; wait      fifty answers after a second
                  curl %1$s/prices/computations                                     one computation
                  curl %1$s/prices/exports                                          what this node has exported

                """,
                base);
    }
}
