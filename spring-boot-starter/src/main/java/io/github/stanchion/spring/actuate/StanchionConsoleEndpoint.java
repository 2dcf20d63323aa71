package io.github.stanchion.spring.actuate;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * The actuator endpoint {@code stanchionconsole}: one page that shows what {@link StanchionEndpoint} tells, and helps single
 * subjects where that may be written to.
 *
 * <p>Not exposed unless the application exposes it. The page asks for {@code stanchion} beside itself, so it works below any
 * base path, and runs no script but its own.
 */
@WebEndpoint(id = "stanchionconsole", defaultAccess = Access.READ_ONLY)
public final class StanchionConsoleEndpoint {

    @ReadOperation(produces = "text/html;charset=UTF-8")
    public Resource page() {
        return new ClassPathResource("console.html", StanchionConsoleEndpoint.class);
    }
}
