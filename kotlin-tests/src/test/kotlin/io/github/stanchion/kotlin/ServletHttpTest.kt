package io.github.stanchion.kotlin

import org.springframework.boot.WebApplicationType

class ServletHttpTest : HttpContract(WebApplicationType.SERVLET)
