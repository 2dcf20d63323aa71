package io.github.stanchion.spring.actuate;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * Who may do what by the endpoint.
 *
 * @param writable whether POSTs are let through
 * @param queried whether the request at hand has query parameters
 * @param keysShown who may see keys of subjects
 */
public record EndpointAccess(boolean writable, BooleanSupplier queried, Predicate<SecurityContext> keysShown) {}
