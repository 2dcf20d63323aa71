package io.github.stanchion.samples.apilimits;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Answers 401 to unknown API keys, before anything is counted. */
@Configuration(proxyBeanMethods = false)
class ApiKeyCheck implements WebMvcConfigurer, HandlerInterceptor {

    private final Customers customers;

    ApiKeyCheck(Customers customers) {
        this.customers = customers;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/quote");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (customers.planOf(request.getHeader("X-Api-Key")) != null) {
            return true;
        }
        response.setStatus(HttpStatus.UNAUTHORIZED.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "ApiKey");
        return false;
    }
}
