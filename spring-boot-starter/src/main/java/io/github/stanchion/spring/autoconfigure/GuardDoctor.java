package io.github.stanchion.spring.autoconfigure;

import io.github.stanchion.guard.DeclaredSignature;
import io.github.stanchion.guard.GuardConfigurationException;
import io.github.stanchion.guard.GuardPlan;
import io.github.stanchion.spring.weave.GuardAdvisor;
import io.github.stanchion.spring.weave.GuardedMethods;
import io.github.stanchion.weave.GuardMark;
import io.github.stanchion.weave.GuardWeaver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Looks at all beans when the application starts and stops the start if a guard could not work: wrong settings, expressions and
 * fallbacks, and methods that nothing would guard. Asks no store.
 */
final class GuardDoctor implements SmartInitializingSingleton {

    private static final String ASPECTS = "org.aspectj.lang.Aspects";
    private static final Logger LOG = System.getLogger(GuardDoctor.class.getName());

    private final ConfigurableListableBeanFactory beans;
    private final GuardWeaver weaver;
    private final StanchionProperties properties;
    private final String store;
    private final List<GuardCheck> checks;
    private final GuardedMethods guardedMethods = new GuardedMethods();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    /** @param store names the store in the report */
    GuardDoctor(
            ConfigurableListableBeanFactory beans,
            GuardWeaver weaver,
            StanchionProperties properties,
            String store,
            List<GuardCheck> checks) {
        this.beans = beans;
        this.weaver = weaver;
        this.properties = properties;
        this.store = store;
        this.checks = List.copyOf(checks);
    }

    @Override
    public void afterSingletonsInstantiated() {
        checkAspect();
        Set<GuardPlan> plans = new LinkedHashSet<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && !ClassUtils.isPrimitiveOrWrapper(type)) {
                examine(name, ClassUtils.getUserClass(type), plans);
            }
        }
        checks.forEach(check -> check.all(this::warn));
        int guards = plans.stream().mapToInt(plan -> plan.guards().size()).sum();
        LOG.log(
                Level.INFO,
                () -> count(guards, "guard") + " on " + count(plans.size(), "method") + ", store " + store
                        + ", weaving " + Names.kebab(properties.weaving().name()));
    }

    /** What the doctor has warned of. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void warn(String warning) {
        warnings.add(warning);
        LOG.log(Level.WARNING, warning);
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private void examine(String beanName, Class<?> type, Set<GuardPlan> plans) {
        for (Method method : guardedMethods.of(type)) {
            checkWoven(method, type);
            checkProxied(beanName, method, type);
            GuardPlan plan = weaver.plan(method, type);
            if (plan != null && plans.add(plan)) {
                checks.forEach(check -> check.guarded(plan, this::warn));
            }
        }
    }

    private void checkAspect() {
        if (properties.weaving() == StanchionProperties.Weaving.ASPECTJ
                && !ClassUtils.isPresent(ASPECTS, beans.getBeanClassLoader())) {
            throw new GuardConfigurationException(
                    "Property stanchion.weaving is aspectj, and AspectJ is not on the class path",
                    "Add org.aspectj:aspectjrt, or remove the property to guard by proxies.");
        }
    }

    private void checkWoven(Method method, Class<?> type) {
        if (GuardMark.isWoven(method)) {
            if (properties.weaving() == StanchionProperties.Weaving.PROXY) {
                throw new GuardConfigurationException(
                        "Guarded method " + display(method, type)
                                + " is woven by AspectJ, and stanchion.weaving is proxy",
                        "Set stanchion.weaving=aspectj, or do not weave it.");
            }
            if (DeclaredSignature.of(method).isSuspending()) {
                throw new GuardConfigurationException(
                        "Guarded function " + display(method, type)
                                + " suspends and is woven by AspectJ, which enters it anew each time it resumes",
                        "Do not weave its class: the proxy of its bean guards it.");
            }
            return;
        }
        String hidden = hidden(method, type);
        if (hidden != null) {
            throw new GuardConfigurationException(
                    "Guarded method " + display(method, type) + " is " + hidden + ", and no proxy can guard it",
                    "Make it an instance method that is neither private nor final, or weave it with AspectJ and set"
                            + " stanchion.weaving=aspectj.");
        }
    }

    private static @Nullable String hidden(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers)) {
            return "private";
        }
        if (Modifier.isStatic(modifiers)) {
            return "static";
        }
        if (Modifier.isFinal(modifiers)) {
            return "final";
        }
        return Modifier.isFinal(type.getModifiers()) ? "in a final class" : null;
    }

    /** A bean made before the advisors, as what a post-processor needs, is what its class made of it: unguarded. */
    private void checkProxied(String beanName, Method method, Class<?> type) {
        Object bean = beans.containsSingleton(beanName) ? beans.getSingleton(beanName) : null;
        boolean bare = bean != null && bean.getClass() == type
                || bean instanceof Advised advised && !advised.isFrozen() && noGuard(advised);
        if (bare && !GuardMark.isWoven(method)) {
            throw new GuardConfigurationException(
                    "Guarded method " + display(method, type) + " is not guarded in bean '" + beanName
                            + "', which was made before the guards",
                    "Do not let a BeanPostProcessor or a BeanFactoryPostProcessor need the bean: inject it lazily there.");
        }
    }

    private static boolean noGuard(Advised advised) {
        return List.of(advised.getAdvisors()).stream().noneMatch(GuardAdvisor.class::isInstance);
    }

    private static String display(Method method, Class<?> type) {
        return type.getSimpleName() + "." + method.getName();
    }
}
