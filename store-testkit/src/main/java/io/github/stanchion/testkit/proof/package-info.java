/**
 * Tells from what several processes did, and when, whether a lock kept what it promises.
 *
 * <p>Each process writes its {@link io.github.stanchion.testkit.proof.Event events} through a
 * {@link io.github.stanchion.testkit.proof.HistoryWriter}, which survives being killed; the files together are a
 * {@link io.github.stanchion.testkit.proof.History}, and each promise is a {@link io.github.stanchion.testkit.proof.Check} of
 * it. Nothing here knows a lock: whatever grants and takes back can be held to it. Times are {@link System#nanoTime()}, which
 * is one clock for all processes of a host.
 */
@NullMarked
package io.github.stanchion.testkit.proof;

import org.jspecify.annotations.NullMarked;
