package io.github.stanchion.spring.weave;

import io.github.stanchion.guard.CallOrigin;
import io.github.stanchion.guard.GuardExecutor;
import io.github.stanchion.weave.GuardWeaver;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.aop.support.DefaultPointcutAdvisor;

/**
 * Puts the guards of some kinds around the calls of proxied beans, at one place in the order of advice.
 *
 * <p>Made before the beans that it advises, so it asks for executor and weaver only when the first call comes.
 */
public final class GuardAdvisor extends DefaultPointcutAdvisor {

    private static final long serialVersionUID = 1L;

    /**
     * @param stage the place among all advisors
     * @param kinds the kinds of guards that stand there
     */
    public GuardAdvisor(
            Stage stage,
            Set<String> kinds,
            Supplier<GuardExecutor> executor,
            Supplier<GuardWeaver> weaver,
            Supplier<CallOrigin> origin) {
        super(
                new GuardPointcut(new MergedAnnotationSource(), kinds),
                new GuardInterceptor(stage, kinds, executor, weaver, origin));
        setOrder(stage.order());
    }

    /** Where guards stand among other advice. */
    public enum Stage {

        /** Outside of Spring Security's method security. */
        BEFORE_AUTHORIZATION(0),

        /** Inside of it, and outside of transactions. */
        AFTER_AUTHORIZATION(1000);

        private final int order;

        Stage(int order) {
            this.order = order;
        }

        /** The order of the stage's advisor. */
        public int order() {
            return order;
        }
    }
}
