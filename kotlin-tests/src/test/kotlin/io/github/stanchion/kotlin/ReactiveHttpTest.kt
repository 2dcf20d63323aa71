package io.github.stanchion.kotlin

import org.springframework.boot.WebApplicationType

class ReactiveHttpTest : HttpContract(WebApplicationType.REACTIVE)
