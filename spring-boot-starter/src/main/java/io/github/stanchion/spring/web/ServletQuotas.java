package io.github.stanchion.spring.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.WebUtils;

/**
 * A response that carries the fields of its request's quotas, whatever becomes of its status.
 *
 * <p>Fields are set as soon as a decision tells a quota, as nobody knows when the response is committed; a redirect, which
 * must not carry them, takes them back.
 */
final class ServletQuotas extends HttpServletResponseWrapper {

    private static final String ATTRIBUTE = ServletQuotas.class.getName();

    private final RequestQuotas quotas;

    private ServletQuotas(HttpServletResponse response, RequestQuotas quotas) {
        super(response);
        this.quotas = quotas;
    }

    /** The response to hand on, so that it carries the fields. */
    static HttpServletResponse wrap(
            HttpServletRequest request, HttpServletResponse response, RateLimitHeaders headers) {
        return headers.sendsNothing() || WebUtils.getNativeResponse(response, ServletQuotas.class) != null
                ? response
                : of(request, response, headers);
    }

    /** Those of the request; the response is used if it has none yet. */
    static ServletQuotas of(HttpServletRequest request, HttpServletResponse response, RateLimitHeaders headers) {
        if (request.getAttribute(ATTRIBUTE) instanceof ServletQuotas known) {
            return known;
        }
        ServletQuotas quotas = new ServletQuotas(response, headers.newRequest());
        request.setAttribute(ATTRIBUTE, quotas);
        return quotas;
    }

    void add(Quota quota) {
        quotas.add(quota);
        write(getStatus());
    }

    private void write(int status) {
        if (!isCommitted()) {
            quotas.write(status, this::setOrRemove);
        }
    }

    private void setOrRemove(String field, @Nullable String value) {
        if (value != null || containsHeader(field)) {
            setHeader(field, value);
        }
    }

    @Override
    public void setStatus(int status) {
        super.setStatus(status);
        write(status);
    }

    @Override
    public void sendError(int status) throws IOException {
        write(status);
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        write(status);
        super.sendError(status, message);
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        write(SC_FOUND);
        super.sendRedirect(location);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        write(status);
        super.sendRedirect(location, status, clearBuffer);
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        write(SC_FOUND);
        super.sendRedirect(location, clearBuffer);
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        write(status);
        super.sendRedirect(location, status);
    }

    @Override
    public void reset() {
        super.reset();
        write(getStatus());
    }
}
