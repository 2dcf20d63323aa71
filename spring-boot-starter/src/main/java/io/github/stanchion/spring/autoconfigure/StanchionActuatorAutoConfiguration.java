package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.limit.RateLimitPolicies;
import io.github.stanchion.limit.RateLimiters;
import io.github.stanchion.lock.LockPolicies;
import io.github.stanchion.lock.Locks;
import io.github.stanchion.spring.actuate.EndpointAccess;
import io.github.stanchion.spring.actuate.EndpointKind;
import io.github.stanchion.spring.actuate.EventLog;
import io.github.stanchion.spring.actuate.EventReport;
import io.github.stanchion.spring.actuate.LockEndpointKind;
import io.github.stanchion.spring.actuate.OperatorLog;
import io.github.stanchion.spring.actuate.PropertyOrigins;
import io.github.stanchion.spring.actuate.RateLimitEndpointKind;
import io.github.stanchion.spring.actuate.ReactiveStanchionEndpoint;
import io.github.stanchion.spring.actuate.RefusedSubjects;
import io.github.stanchion.spring.actuate.ServletQuery;
import io.github.stanchion.spring.actuate.StanchionConsoleEndpoint;
import io.github.stanchion.spring.actuate.StanchionEndpoint;
import io.github.stanchion.spring.actuate.StanchionHealthIndicator;
import io.github.stanchion.spring.actuate.StoreReport;
import io.github.stanchion.spring.actuate.SubjectHandles;
import io.github.stanchion.spring.metrics.LockWatch;
import io.github.stanchion.spring.metrics.RateLimitWatch;
import io.github.stanchion.spring.store.LocalStore;
import io.github.stanchion.spring.store.StoreInspection;
import io.github.stanchion.store.AtomicStore;
import io.github.stanchion.store.MicroClock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/** The actuator endpoint and health of Stanchion. */
@AutoConfiguration(after = StanchionAutoConfiguration.class)
public final class StanchionActuatorAutoConfiguration {

    // The second condition of each is on a class of its own, as it cannot even be read without the library.

    /** Health. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static final class StanchionHealth {

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnEnabledHealthIndicator("stanchion")
        @Import(RateLimitWatchConfiguration.class)
        static final class Enabled {

            @Bean
            @ConditionalOnMissingBean(name = "stanchionHealthIndicator")
            StanchionHealthIndicator stanchionHealthIndicator(
                    AtomicStore store,
                    LocalStore local,
                    RateLimitWatch watch,
                    LockWatch locks,
                    ObjectProvider<StoreInspection> inspection) {
                return new StanchionHealthIndicator(report(store, local, inspection), watch, locks);
            }

            @Bean
            @ConditionalOnMissingBean
            LockWatch lockWatch(ObjectProvider<MicroClock> clock) {
                return new LockWatch(clock.getIfUnique(MicroClock::system));
            }
        }
    }

    /** The endpoint, wherever it is exposed. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static final class Administration {

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnAvailableEndpoint(StanchionEndpoint.class)
        @Import(RateLimitWatchConfiguration.class)
        @EnableConfigurationProperties(EndpointProperties.class)
        static final class Available {

            private final SubjectHandles handles = new SubjectHandles();

            @Bean
            @ConditionalOnMissingBean
            EventLog stanchionEventLog(ObjectProvider<MicroClock> clock, StanchionProperties properties) {
                return new EventLog(
                        clock.getIfUnique(MicroClock::system),
                        properties.events().buffer());
            }

            @Bean
            @ConditionalOnMissingBean
            RefusedSubjects refusedSubjects(ObjectProvider<MicroClock> clock) {
                return new RefusedSubjects(clock.getIfUnique(MicroClock::system));
            }

            @Bean
            @ConditionalOnMissingBean
            PropertyOrigins stanchionPropertyOrigins(ConfigurableEnvironment environment) {
                return new PropertyOrigins(environment);
            }

            @Bean
            @ConditionalOnMissingBean
            RateLimitEndpointKind rateLimitEndpointKind(
                    RateLimiters limiters,
                    RateLimitPolicies policies,
                    RateLimitWatch watch,
                    RefusedSubjects refused,
                    EventLog events,
                    PropertyOrigins origins) {
                return new RateLimitEndpointKind(limiters, policies, watch, refused, events, handles, origins);
            }

            @Bean
            @ConditionalOnMissingBean
            LockEndpointKind lockEndpointKind(
                    Locks locks, LockPolicies policies, AtomicStore store, PropertyOrigins origins) {
                return new LockEndpointKind(locks, policies, store, origins);
            }

            @Bean
            @ConditionalOnMissingBean
            StanchionEndpoint stanchionEndpoint(
                    AtomicStore store,
                    LocalStore local,
                    ObjectProvider<StoreInspection> inspection,
                    ObjectProvider<EndpointKind> kinds,
                    ObjectProvider<PolicyReloader> reloader,
                    ObjectProvider<GuardDoctor> doctor,
                    StanchionProperties settings,
                    EventLog events,
                    ApplicationEventPublisher publisher,
                    EndpointProperties properties,
                    ObjectProvider<EndpointAccessResolver> access) {
                PolicyReloader reloads = reloader.getIfAvailable();
                return new StanchionEndpoint(
                        report(store, local, inspection),
                        () -> setup(settings, doctor.getIfAvailable()),
                        kinds.orderedStream().toList(),
                        new EventReport(events, handles),
                        reloads == null ? null : reloads::reload,
                        new OperatorLog(events, publisher),
                        new EndpointAccess(isWritable(access.getIfUnique()), queries(), asking -> properties
                                .showValues()
                                .isShown(asking, properties.roles())));
            }

            private static Map<String, Object> setup(StanchionProperties settings, @Nullable GuardDoctor doctor) {
                return Map.of(
                        "enabled",
                        settings.enabled(),
                        "weaving",
                        Names.kebab(settings.weaving().name()),
                        "warnings",
                        doctor == null ? List.of() : doctor.warnings());
            }

            private static boolean isWritable(@Nullable EndpointAccessResolver access) {
                return access != null
                        && access.accessFor(EndpointId.of("stanchion"), Access.READ_ONLY) == Access.UNRESTRICTED;
            }

            /** On WebFlux. */
            @Configuration(proxyBeanMethods = false)
            @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
            static final class Reactive {

                @Bean
                @ConditionalOnMissingBean
                ReactiveStanchionEndpoint reactiveStanchionEndpoint(StanchionEndpoint endpoint) {
                    return new ReactiveStanchionEndpoint(endpoint);
                }
            }

            private static BooleanSupplier queries() {
                ClassLoader loader = StanchionEndpoint.class.getClassLoader();
                boolean servlets = ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest", loader)
                        && ClassUtils.isPresent(
                                "org.springframework.web.context.request.ServletRequestAttributes", loader);
                return servlets ? new ServletQuery() : () -> false;
            }
        }
    }

    /**
     * Who sees what in the endpoint.
     *
     * @param showValues When keys of subjects are shown, rather than hashes of them.
     * @param roles Who may see them when authorized; anybody who is logged in if there are none.
     */
    @ConfigurationProperties("management.endpoint.stanchion")
    record EndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {}

    /** The page for people. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
    static final class Console {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        StanchionConsoleEndpoint stanchionConsoleEndpoint() {
            return new StanchionConsoleEndpoint();
        }
    }

    private static StoreReport report(AtomicStore store, LocalStore local, ObjectProvider<StoreInspection> inspection) {
        return new StoreReport(Stores.name(store), store, local.store(), inspection.getIfUnique());
    }
}
