package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PortException;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.UsageCosts.UsageCost;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Models and costs of a host (docs/wire/tasks.md#l8, #l9). */
class ModelsAndUsageTest {

    private static final String MODELS = Paths.TASKS + "models/";

    @Test
    void modelsAreListedWithTheEffortsOfTheProfileInAscendingOrder() {
        ModelCatalogue.Model model =
                new ModelCatalogue.Model(
                        RuntimeAdapter.CLAUDE,
                        "claude-opus-4-6",
                        "Opus 4.6",
                        List.of(
                                ReasoningEffort.ULTRACODE,
                                ReasoningEffort.HIGH,
                                ReasoningEffort.LOW));
        try (Host host = Host.with().engine(it -> it.models(project -> List.of(model))).start()) {
            assertThat(host.rosa().get(MODELS).isJson(200).text())
                    .isEqualTo(
                            "{\"models\":[{\"runtime_adapter\":\"claude\","
                                    + "\"model\":\"claude-opus-4-6\","
                                    + "\"display_name\":\"Opus 4.6\","
                                    + "\"supported_efforts\":[\"low\",\"high\"]}]}");
        }
    }

    @Test
    void aCatalogueThatIsNotAvailableIsEmpty() {
        Host.Builder failing =
                Host.with()
                        .engine(
                                it ->
                                        it.models(
                                                project -> {
                                                    throw PortException.retryable(
                                                            "ModelCatalogue", "away");
                                                }));
        try (Host without = Host.started();
                Host failed = failing.start();
                CapturedLog log = new CapturedLog()) {
            assertThat(without.rosa().get(MODELS).isJson(200).text()).isEqualTo("{\"models\":[]}");
            assertThat(failed.rosa().get(MODELS).isJson(200).text()).isEqualTo("{\"models\":[]}");
            assertThat(log.text()).contains("ModelCatalogue: away");
        }
    }

    @Test
    void theCostOfATaskIsTheSumOfTokensAndCompute() {
        UsageCost cost = new UsageCost(new BigDecimal("0.25"), new BigDecimal("1.5"));
        Host.Builder known =
                Host.with().engine(it -> it.usageCosts((project, task) -> Optional.of(cost)));
        try (Host host = known.start()) {
            String usage = Paths.task(Paths.newTask(host.rosa())) + "usage/";
            assertThat(host.rosa().get(usage).isJson(200).text())
                    .isEqualTo(
                            "{\"token_cost_usd\":0.25,\"compute_cost_usd\":1.5,"
                                    + "\"total_cost_usd\":1.75}");
            isNotFound(host.rosa().get(Paths.task(Paths.MISSING) + "usage/"));
        }
    }

    @Test
    void aHostWithoutCostsAnswersAsIfThePathWereNotServed() {
        try (Host host = Host.started()) {
            isNotFound(host.rosa().get(Paths.task(Paths.newTask(host.rosa())) + "usage/"));
        }
    }

    @Test
    void costsThatCannotBeDeterminedAreUnavailable() {
        Host.Builder failing =
                Host.with()
                        .engine(
                                it ->
                                        it.usageCosts(
                                                (project, task) -> {
                                                    throw PortException.retryable(
                                                            "UsageCosts", "away");
                                                }));
        try (Host host = failing.start()) {
            host.rosa()
                    .get(Paths.task(Paths.newTask(host.rosa())) + "usage/")
                    .isError(
                            502,
                            "server_error",
                            "task_usage_upstream_unavailable",
                            "Task usage is temporarily unavailable.",
                            null);
        }
    }

    private static void isNotFound(Reply reply) {
        reply.isError(404, "invalid_request", "not_found", "Not found.", null);
    }
}
