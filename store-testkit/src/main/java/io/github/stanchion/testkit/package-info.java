/**
 * What a store must do, as tests that any backend extends: the contract, a clock that tests move by hand, and random walks
 * that compare an operation with its native twin. Nothing here depends on a backend; a backend names this module in test scope.
 */
@NullMarked
package io.github.stanchion.testkit;

import org.jspecify.annotations.NullMarked;
