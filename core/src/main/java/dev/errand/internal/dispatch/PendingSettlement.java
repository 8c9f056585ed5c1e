package dev.errand.internal.dispatch;

import dev.errand.spi.store.RunChange;

/**
 * The final change of a claimed run, decided and not yet written.
 *
 * @param run the run
 * @param change the change, which is made under the lease and releases it
 * @param includesLaunch whether the change also records the launch, because the sandbox ended
 *     before its launch returned
 * @param onSettled called after the change was written
 * @param onNotConfirmed called instead if the run was changed by another writer, or if it is
 *     unknown whether the change was written
 */
record PendingSettlement(
        LeasedRun run,
        RunChange change,
        boolean includesLaunch,
        Runnable onSettled,
        Runnable onNotConfirmed) {}
