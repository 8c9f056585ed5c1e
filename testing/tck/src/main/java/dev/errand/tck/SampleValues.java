package dev.errand.tck;

import dev.errand.spi.run.RunStatus;
import java.util.List;
import java.util.Random;

/**
 * Values for random tasks and runs: few, so that filters match often, and including special
 * characters.
 */
final class SampleValues {

    static final List<String> TEXTS =
            List.of("", "Fix the cart", "fix 100% of it", "snake_case", "TSK-3", "CART", "a\\b");
    static final List<String> SEARCHES =
            List.of("cart", "FIX", "%", "_", "3", "tsk-3", "x-12", "\\", "nothing like it");
    static final List<String> REPOSITORIES =
            List.of(
                    "none",
                    "",
                    "acme/mobile",
                    "acme/api",
                    "beta/mobile",
                    "acme/mobile-app",
                    "a_e/%");
    static final List<String> SHORT_NAMES = List.of("mobile", "api", "%", "acme", "mobile-app");
    static final List<String> ORGANIZATIONS = List.of("acme", "beta", "a_e", "acm", "mobile");
    static final List<String> ORIGINS =
            List.of("user_created", "slack", "automation", "unheard_of");
    static final List<String> STAGES = List.of("plan", "build", "Build", "b%");
    static final List<RunStatus> ENDS =
            List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);

    private SampleValues() {}

    static <T> T any(List<T> samples, Random random) {
        return samples.get(random.nextInt(samples.size()));
    }
}
