package io.github.stanchion.spring.actuate;

import java.util.function.BooleanSupplier;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Whether the servlet request of this thread has query parameters; false where there is none, as under JMX. */
public final class ServletQuery implements BooleanSupplier {

    @Override
    public boolean getAsBoolean() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                && attributes.getRequest().getQueryString() != null;
    }
}
