package io.github.stanchion.spring.web;

import java.util.ArrayList;
import java.util.List;

/**
 * The quotas that the decisions of one request have told so far; thread-safe, as a request may call guarded methods on
 * several threads.
 *
 * <p>A policy that decided more than once is told once: as the refusal, or else with the least that was left.
 */
final class RequestQuotas {

    private final QuotaFields fields;
    private final List<Quota> quotas = new ArrayList<>(2);

    RequestQuotas(QuotaFields fields) {
        this.fields = fields;
    }

    synchronized void add(Quota quota) {
        for (int i = 0; i < quotas.size(); i++) {
            Quota known = quotas.get(i);
            if (known.policy().equals(quota.policy())) {
                if (quota.violated() || !known.violated() && quota.remaining() <= known.remaining()) {
                    quotas.set(i, quota);
                }
                return;
            }
        }
        quotas.add(quota);
    }

    /** Sets and removes fields as an answer of this status has them. */
    synchronized void write(int status, QuotaFields.Sink sink) {
        fields.write(quotas, status, sink);
    }
}
