package io.github.stanchion.samples.apilimits;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints what to try once the server listens. */
@Component
final class WhatToTry {

    @EventListener
    void print(WebServerInitializedEvent started) {
        System.out.println(text("localhost:" + started.getWebServer().getPort()));
    }

    static String text(String address) {
        return """

                Try, in another terminal:
                  curl -i '%1$s/search?q=limits'                     10 per minute and client address, then 429
                  curl -i %1$s/export                                2 per 2 seconds; the next two wait, more get 429
                  curl -i -H 'X-Api-Key: free-key' %1$s/quote        free plan: 5 per minute
                  curl -i -H 'X-Api-Key: pro-key' %1$s/quote         pro plan: 50 per minute
                  curl -i -H 'X-Api-Key: stolen' %1$s/quote          401

                and watch it at http://%1$s/actuator/stanchionconsole
                """
                .formatted(address);
    }
}
