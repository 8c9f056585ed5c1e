package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.OTHER;
import static dev.errand.testing.engine.TestEngine.ROSA;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.TitleGenerator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, reading and updating tasks (docs/wire/tasks.md#d2, #d3, #d4, #e6 to #e9). */
public abstract class TaskOperationsContract extends EngineContract {

    /** The JSON of the user in the documented examples. */
    static final String USER =
            """
            {"id":31,"uuid":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10","distinct_id":"u-31",
             "first_name":"Rosa","last_name":"Lind","email":"rosa@example.com",
             "is_email_verified":true,"hedgehog_config":null,
             "role_at_organization":"engineering"}""";

    /**
     * One rule on a member and one between members (docs/wire/errors.md#c3, docs/wire/tasks.md#d2,
     * #e7). The tests of core cover all rules.
     */
    private static final String INVALID_REQUESTS =
            """
            {"title": null}                   | null           | title              | This field may not be null.
            {"signal_report_task_relationship": "implementation"} | invalid_input | signal_report_task_relationship | Requires signal_report when set.
            """;

    /** References to objects that are unknown or belong to others (docs/wire/tasks.md#e7, #e9). */
    private static final String FOREIGN_REFERENCES =
            """
            {"github_integration": 40}   | invalid_input  | github_integration | Integration must belong to the same team
            {"github_integration": 999}  | does_not_exist | github_integration | Invalid pk "999" - object does not exist.
            {"github_user_integration": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0032"} | invalid_input  | github_user_integration | User integration must belong to the authenticated user
            {"github_user_integration": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff"} | does_not_exist | github_user_integration | Invalid pk "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff" - object does not exist.
            {"signal_report": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0081"} | invalid_input  | signal_report | Signal report must belong to the same team
            {"signal_report": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff"} | does_not_exist | signal_report | Invalid pk "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff" - object does not exist.
            """;

    private static final String ALL_REFERENCES_INVALID =
            """
            {"signal_report": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0081",
             "github_user_integration": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff",
             "github_integration": 40}""";

    // --- create (docs/wire/tasks.md#d2)

    @Test
    void createReturnsTheDocumentedTask() {
        JsonNode task =
                rosa.createTask(
                        """
                        {"description": "Opening the cart with no items crashes on Android 14.",
                         "repository": "Acme/Mobile", "origin_product": "user_created"}""");

        assertThat(task)
                .hasToString(
                        json("""
                                        {"id":"%s","task_number":0,"slug":"AMA-0",
                                         "title":"Opening the cart with no items crashes on Android 14.",
                                         "title_manually_set":false,
                                         "description":"Opening the cart with no items crashes on Android 14.",
                                         "origin_product":"user_created","repository":"acme/mobile",
                                         "github_integration":12,"github_user_integration":null,
                                         "signal_report":null,"json_schema":null,"internal":false,
                                         "latest_run":null,"created_at":"2026-05-07T09:28:06Z",
                                         "updated_at":"2026-05-07T09:28:06Z","created_by":%s,
                                         "ci_prompt":null}"""
                                        .formatted(WireClient.taskId(task), USER))
                                .toString());
        assertThat(rosa.getTask(WireClient.taskId(task))).isEqualTo(task);
    }

    @Test
    void anEmptyObjectCreatesAnUntitledTask() {
        JsonNode task = new WireClient(engine.as(Caller.host())).createTask("");

        assertMembers(
                task,
                """
                {"title":"","title_manually_set":false,"description":"",
                 "origin_product":"user_created","repository":null,"github_integration":12,
                 "github_user_integration":null,"signal_report":null,"json_schema":null,
                 "internal":false,"latest_run":null,"created_by":null,"ci_prompt":null}""");
    }

    @Test
    void allMembersAreStored() {
        String members =
                """
                {"title":"Cart crash","title_manually_set":false,"description":"It crashes.",
                 "origin_product":"error_tracking","repository":"acme/mobile",
                 "github_integration":12,
                 "github_user_integration":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0031",
                 "signal_report":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0071",
                 "json_schema":{"type":"object","required":["pr_url"]},"internal":true,
                 "ci_prompt":"Fix the build"}""";

        JsonNode task = rosa.createTask(members);

        assertMembers(task, members);
        assertThat(rosa.getTask(WireClient.taskId(task))).isEqualTo(task);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = INVALID_REQUESTS)
    void anInvalidRequestCreatesNothing(String body, String code, String attr, String detail) {
        assertRejected(() -> rosa.createTask(body), code(code), attr, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = FOREIGN_REFERENCES)
    void referencesToForeignObjectsCreateNothing(
            String body, String code, String attr, String detail) {
        assertRejected(() -> rosa.createTask(body), code(code), attr, detail);
    }

    @Test
    void invalidReferencesAreReportedInDeclaredOrder() {
        InvalidRequestException rejected =
                assertRejected(
                        () -> rosa.createTask(ALL_REFERENCES_INVALID),
                        ErrorCode.INVALID_INPUT,
                        "github_integration",
                        "Integration must belong to the same team");

        assertThat(rejected.violations())
                .extracting(Violation::attr)
                .containsExactly(
                        Optional.of("github_integration"),
                        Optional.of("github_user_integration"),
                        Optional.of("signal_report"));
    }

    @Test
    void aHostWithoutAUserHasNoConnections() {
        WireClient host = new WireClient(engine.as(Caller.host()));

        assertRejected(
                () ->
                        host.createTask(
                                """
                                {"github_user_integration": "%s"}"""
                                        .formatted(TestEngine.ROSAS_GITHUB)),
                ErrorCode.DOES_NOT_EXIST,
                "github_user_integration",
                "Invalid pk \"" + TestEngine.ROSAS_GITHUB + "\" - object does not exist.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"github_integration\": null}"})
    void theFirstConnectionOfTheProjectIsTheDefault(String body) {
        engine.directory().addGithubIntegration(ACME, 11);

        assertThat(rosa.createTask(body).get("github_integration").intValue()).isEqualTo(11);
    }

    @Test
    void aProjectWithoutAConnectionHasNoDefault() {
        ProjectId unconnected = ProjectId.of(9);
        engine.directory().addProject(unconnected, "ab");

        JsonNode task =
                new WireClient(engine.errand().project(unconnected, Caller.host()))
                        .createTask("{}");

        assertMembers(task, "{\"github_integration\":null,\"slug\":\"AB-0\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"origin_product": "signal_report"}                                                           | implementation
                    {"origin_product": "signal_report", "signal_report_task_relationship": "implementation"}      | implementation
                    {"origin_product": "slack"}                                                                   |
                    {}                                                                                            |
                    """)
    void aSignalReportIsLinkedToTheTask(String body, ReportRelationship link) {
        ObjectNode withReport = (ObjectNode) json(body);
        withReport.put("signal_report", TestEngine.ACME_REPORT.toString());

        JsonNode task = rosa.createTask(withReport.toString());

        assertThat(task.get("signal_report").textValue())
                .isEqualTo(TestEngine.ACME_REPORT.toString());
        assertThat(task.has("signal_report_task_relationship")).isFalse();
        assertThat(engine.backend().insertedTasks())
                .extracting(NewTask::reportRelationship)
                .containsExactly(Optional.ofNullable(link));
    }

    @Test
    void taskNumbersStartAtZeroInEachProject() {
        WireClient others = new WireClient(engine.others());
        JsonNode first = rosa.createTask("{}");
        JsonNode second = rosa.createTask("{}");
        engine.rosas().tasks().delete(WireClient.taskId(second));
        assertRejected(
                () -> rosa.createTask("{\"signal_report\": \"" + TestEngine.UNKNOWN + "\"}"),
                ErrorCode.DOES_NOT_EXIST,
                "signal_report",
                "Invalid pk \"" + TestEngine.UNKNOWN + "\" - object does not exist.");
        JsonNode third = rosa.createTask("{}");
        JsonNode other = others.createTask("{}");

        assertThat(List.of(first, second, third))
                .extracting(task -> task.get("task_number").intValue())
                .containsExactly(0, 1, 2);
        assertMembers(other, "{\"task_number\":0,\"slug\":\"TES-0\"}");
    }

    @Test
    void aCreatedTaskIsDeliveredAsAnEvent() {
        JsonNode task = rosa.createTask("{\"title\": \"Cart crash\"}");

        assertThat(engine.closeAndGetListener().events())
                .singleElement()
                .isInstanceOfSatisfying(
                        RunEvent.TaskCreated.class,
                        created ->
                                assertThat(created.task())
                                        .isEqualTo(engine.allTasks(ACME).get(0).task()));
        assertThat(task.get("latest_run").isNull()).isTrue();
    }

    // --- titles (docs/wire/tasks.md#e6)

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"title": "Cart crash"}                              | "Cart crash"    | true
                    {"title": "  Cart crash\\t"}                         | "Cart crash"    | true
                    {"title": "Cart crash", "description": "It crashes"} | "Cart crash"    | true
                    {"description": "It crashes"}                        | "It crashes"    | false
                    {"title": "", "description": "It crashes"}           | "It crashes"    | false
                    {"title": "   ", "description": "It crashes"}        | "It crashes"    | false
                    {"description": "\\n It crashes \\nwhen empty"}      | "It crashes"    | false
                    {}                                                   | ""              | false
                    {"title": " ", "description": " "}                   | ""              | false
                    {"title": "Cart crash", "title_manually_set": false} | "Cart crash"    | false
                    {"description": "It crashes", "title_manually_set": true} | "It crashes" | true
                    {"title_manually_set": true}                         | ""              | true
                    """)
    void aTitleIsGivenOrGenerated(String body, String title, boolean manuallySet) {
        JsonNode task = rosa.createTask(body);

        assertMembers(task, "{\"title\":" + title + ",\"title_manually_set\":" + manuallySet + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    task: Empty cart crashes  | Empty cart crashes
                    '   '                     | It crashes
                    """)
    void generatedTitlesAreCleaned(String generated, String title) {
        configure(EngineOptions.DEFAULT.withTitleGenerator(text -> Optional.of(generated)));

        assertThat(titleFor("It crashes")).isEqualTo(title);
    }

    @Test
    void aFailingTitleGeneratorDoesNotFailTheCreation() {
        configure(EngineOptions.DEFAULT.withTitleGenerator(text -> Optional.empty()));
        assertThat(titleFor("It crashes")).isEqualTo("It crashes");

        configure(
                EngineOptions.DEFAULT.withTitleGenerator(
                        text -> {
                            throw new IllegalStateException("the generator fails");
                        }));
        assertThat(titleFor("It crashes")).isEqualTo("It crashes");

        configure(EngineOptions.DEFAULT.withTitleGenerator(text -> Optional.of("t".repeat(300))));
        assertThat(titleFor("It crashes")).isEqualTo("t".repeat(57) + "...");
    }

    @Test
    void aBlockedTitleGeneratorTimesOut() throws Exception {
        CompletableFuture<Optional<String>> never = new CompletableFuture<>();
        TitleGenerator hanging = text -> never.join();
        configure(EngineOptions.DEFAULT.withTitleGenerator(hanging));

        CompletableFuture<String> title =
                CompletableFuture.supplyAsync(
                        () -> titleFor("It crashes"), task -> new Thread(task).start());

        assertThat(title.get(20, TimeUnit.SECONDS)).isEqualTo("It crashes");
        never.complete(Optional.empty());
    }

    private String titleFor(String description) {
        return rosa.createTask("{\"description\": \"" + description + "\"}")
                .get("title")
                .textValue();
    }

    // --- get (docs/wire/tasks.md#d3)

    @Test
    void anUnknownTaskIsNotFound() {
        TaskId deleted = engine.task();
        engine.rosas().tasks().delete(deleted);
        TaskId others = WireClient.taskId(new WireClient(engine.others()).createTask("{}"));

        for (TaskId missing : List.of(TaskId.of(TestEngine.UNKNOWN), deleted, others)) {
            assertNotFound(() -> rosa.getTask(missing));
            assertNotFound(() -> rosa.updateTask(missing, "{\"title\": \"New\"}"));
            assertNotFound(() -> engine.rosas().tasks().delete(missing));
        }
    }

    @Test
    void anInternalTaskIsFoundById() {
        JsonNode task = rosa.createTask("{\"internal\": true}");

        assertThat(rosa.getTask(WireClient.taskId(task))).isEqualTo(task);
    }

    @Test
    void aTaskContainsItsLatestRun() {
        TaskId task = engine.task();
        engine.queuedRun(task);
        RunId latest = engine.notStartedRun(task);

        assertThat(rosa.getTask(task).get("latest_run")).isEqualTo(rosa.getRun(task, latest));
    }

    @Test
    void theGreaterIdBreaksTiesForTheLatestRun() {
        TaskId task = engine.task();
        List<RunId> runs =
                IntStream.range(0, 8)
                        .mapToObj(i -> WireClient.runId(rosa.createRun(task, "{}")))
                        .sorted()
                        .toList();

        assertThat(WireClient.latestRunId(rosa.getTask(task))).isEqualTo(runs.get(7));
    }

    @Test
    void aRunDoesNotChangeTheUpdateTimeOfItsTask() {
        TaskId task = engine.task();
        String before = rosa.getTask(task).get("updated_at").textValue();

        engine.runIn(task, RunStatus.COMPLETED);

        assertThat(rosa.getTask(task).get("updated_at").textValue()).isEqualTo(before);
    }

    @Test
    void projectAndUserAreLookedUpAtEachRead() {
        TaskId task = engine.task();
        engine.directory().addProject(ACME, "R2-D2 x").removeUser(ROSA);

        assertMembers(rosa.getTask(task), "{\"slug\":\"R2D-0\",\"created_by\":null}");
    }

    // --- update (docs/wire/tasks.md#d4)

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"title": " New "}                                  | {"title": "New", "title_manually_set": true}
                    {"title": ""}                                       | {"title": "", "title_manually_set": true}
                    {"title": "New", "title_manually_set": false}       | {"title": "New"}
                    {"title_manually_set": true}                        | {"title_manually_set": true}
                    {"description": "Other"}                            | {"description": "Other"}
                    {"description": ""}                                 | {"description": ""}
                    {"origin_product": "slack"}                         | {"origin_product": "slack"}
                    {"repository": " Acme/Web "}                        | {"repository": "acme/web"}
                    {"repository": null}                                | {"repository": null}
                    {"repository": "  "}                                | {"repository": null}
                    {"github_integration": null}                        | {"github_integration": null}
                    {"github_user_integration": null}                   | {"github_user_integration": null}
                    {"signal_report": null}                             | {"signal_report": null}
                    {"json_schema": {"type": "object"}}                 | {"json_schema": {"type": "object"}}
                    {"json_schema": true}                               | {"json_schema": true}
                    {"json_schema": null}                               | {"json_schema": null}
                    {"internal": true}                                  | {"internal": true}
                    {"ci_prompt": "Other"}                              | {"ci_prompt": "Other"}
                    {"ci_prompt": ""}                                   | {"ci_prompt": ""}
                    {"ci_prompt": null}                                 | {"ci_prompt": null}
                    {"signal_report": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0071", "origin_product": "signal_report", "signal_report_task_relationship": "implementation"} | {"origin_product": "signal_report"}
                    """)
    void anUpdateChangesOnlyTheGivenMembers(String body, String changed) {
        ObjectNode expected = (ObjectNode) fullTask();
        TaskId task = WireClient.taskId(expected);
        engine.clock().set(Instant.parse("2026-05-07T09:29:40Z"));

        JsonNode answer = rosa.updateTask(task, body);

        expected.setAll((ObjectNode) json(changed));
        expected.put("updated_at", "2026-05-07T09:29:40Z");
        assertThat(answer).hasToString(expected.toString());
        assertThat(rosa.getTask(task)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":\"x\",\"task_number\":9,\"slug\":\"X-1\",\"latest_run\":{},"
                        + "\"created_at\":7,\"updated_at\":null,\"created_by\":{\"id\":32},"
                        + "\"deleted\":true,\"project\":8,\"pinned\":true}"
            })
    void readOnlyMembersAreIgnored(String body) {
        JsonNode before = fullTask();
        engine.clock().tick();

        assertThat(rosa.updateTask(WireClient.taskId(before), body)).isEqualTo(before);
    }

    @Test
    void repeatingAnUpdateHasNoEffect() {
        TaskId task = WireClient.taskId(fullTask());
        JsonNode once = rosa.updateTask(task, "{\"title\": \"New\", \"repository\": null}");
        engine.clock().tick();

        assertThat(rosa.updateTask(task, "{\"title\": \"New\", \"repository\": null}"))
                .isEqualTo(once);
    }

    @Test
    void updateTimesIncreaseEvenIfTheClockDoesNot() {
        TaskId task = engine.task();

        List<String> times =
                IntStream.range(0, 5)
                        .mapToObj(i -> rosa.updateTask(task, "{\"title\": \"New " + i + "\"}"))
                        .map(answer -> answer.get("updated_at").textValue())
                        .toList();

        assertThat(times).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = INVALID_REQUESTS)
    void anInvalidUpdateHasNoEffect(String body, String code, String attr, String detail) {
        TaskId task = WireClient.taskId(fullTask());

        assertRejected(() -> rosa.updateTask(task, body), code(code), attr, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = FOREIGN_REFERENCES)
    void referencesToForeignObjectsUpdateNothing(
            String body, String code, String attr, String detail) {
        TaskId task = WireClient.taskId(fullTask());

        assertRejected(() -> rosa.updateTask(task, body), code(code), attr, detail);
    }

    @Test
    void theTaskIsCheckedBeforeReferences() {
        assertNotFound(
                () -> rosa.updateTask(TaskId.of(TestEngine.UNKNOWN), ALL_REFERENCES_INVALID));
    }

    @Test
    void anUpdateDoesNotAffectOtherProjects() {
        engine.others().tasks().create(CreateTaskRequest.builder().build());
        String before = engine.snapshot(OTHER);

        rosa.updateTask(WireClient.taskId(fullTask()), "{\"title\": \"New\"}");

        assertThat(engine.snapshot(OTHER)).isEqualTo(before);
    }

    private JsonNode fullTask() {
        return rosa.createTask(
                """
                {"title":"Cart crash","title_manually_set":false,"description":"It crashes.",
                 "origin_product":"error_tracking","repository":"acme/mobile",
                 "github_integration":12,
                 "github_user_integration":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0031",
                 "signal_report":"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e0071",
                 "json_schema":{"required":["pr_url"]},"ci_prompt":"Fix the build"}""");
    }
}
