package dev.errand.benchmarks.request;

import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
import dev.errand.spi.project.User;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The measured requests as bytes, and the measured responses as values of Errand and as records of
 * the baselines.
 */
final class Samples {

    private static final String DESCRIPTION =
            "Opening the cart with no items crashes on Android 14.\\n"
                    + "Steps: sign in, open the cart, rotate the device and watch the totals at the"
                    + " very end.";

    /** The body of {@code POST tasks/}, 419 bytes. */
    static final byte[] CREATE_TASK =
            utf8(
                    """
                    {"title":"Fix crash when the cart is empty","description":"%s",\
                    "origin_product":"signal_report","repository":"Acme/Mobile",\
                    "signal_report":"0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46",\
                    "signal_report_task_relationship":"implementation","internal":false,\
                    "ci_prompt":"Run the tests, all."}"""
                            .formatted(DESCRIPTION));

    private static final String MESSAGE =
            "Please look at the stack traces in the report first, then write a test that fails"
                    + " without the fix.\\nKeep the change small, and do not touch the payments"
                    + " screens or their tests.";

    /** The body of {@code POST run/}, 419 bytes. */
    static final byte[] RUN_TASK =
            utf8(
                    """
                    {"mode":"interactive","branch":"fix/cart-crash","pending_user_message":"%s",\
                    "run_source":"manual","pr_authorship_mode":"bot","runtime_adapter":"claude",\
                    "model":"claude-opus-4-7","reasoning_effort":"xhigh",\
                    "initial_permission_mode":"acceptEdits"}"""
                            .formatted(MESSAGE));

    private static final UUID TASK_ID = UUID.fromString("019a0b1e-3a54-7c0e-9a57-0c6f5b1d2e34");
    private static final UUID RUN_ID = UUID.fromString("019a0b1f-8c1f-7f6e-b0a3-5d2c7e9f1a46");
    private static final UUID REPORT = UUID.fromString("0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46");
    private static final UserId CREATOR = new UserId(12);
    private static final Instant CREATED = Instant.parse("2026-05-07T09:28:06.310225Z");
    private static final Instant STARTED = Instant.parse("2026-05-07T09:30:00.004112Z");
    private static final UUID CONNECTION = UUID.fromString("5f0c1d9e-1b7a-4f36-8a05-2f6d1c9b7e10");
    private static final String STATE =
            """
            {"mode":"interactive","pending_user_message":"%s",\
            "initial_permission_mode":"acceptEdits","pr_base_branch":"fix/cart-crash",\
            "pr_authorship_mode":"bot","run_source":"manual","runtime_adapter":"claude",\
            "provider":"anthropic","model":"claude-opus-4-7","reasoning_effort":"xhigh"}"""
                    .formatted(MESSAGE);

    private Samples() {}

    /**
     * The response to {@link #CREATE_TASK}, 702 bytes: a task without a creator and without a run.
     */
    static TaskWithLatestRun created() {
        return new TaskWithLatestRun(task(Optional.empty()), Optional.empty());
    }

    /** The same response as a record. */
    static TaskAnswer createdAnswer() {
        return answer(null, null);
    }

    /** The response to {@link #RUN_TASK}: a task with a creator and a run. */
    static TaskWithLatestRun running() {
        Run run =
                new Run(
                        ProjectHost.PROJECT,
                        TaskId.of(TASK_ID),
                        RunId.of(RUN_ID),
                        1,
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.of("fix/cart-crash"),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of(STATE),
                        List.of(),
                        1,
                        Optional.empty(),
                        STARTED,
                        STARTED,
                        Optional.empty());
        return new TaskWithLatestRun(task(Optional.of(CREATOR)), Optional.of(run));
    }

    /** The same response as a record. */
    static TaskAnswer runningAnswer() {
        RuntimeAdapter adapter = RuntimeAdapter.CLAUDE;
        TaskAnswer.RunAnswer run =
                new TaskAnswer.RunAnswer(
                        RUN_ID,
                        TASK_ID,
                        null,
                        "fix/cart-crash",
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        adapter,
                        adapter.provider(),
                        "claude-opus-4-7",
                        ReasoningEffort.XHIGH,
                        null,
                        null,
                        null,
                        STATE,
                        List.of(),
                        STARTED,
                        STARTED,
                        null);
        User user = ProjectHost.user(CREATOR);
        TaskAnswer.UserAnswer creator =
                new TaskAnswer.UserAnswer(
                        user.id().value(),
                        user.uuid(),
                        null,
                        user.firstName(),
                        user.lastName(),
                        user.email(),
                        null,
                        null,
                        null);
        return answer(run, creator);
    }

    private static Task task(Optional<UserId> creator) {
        TaskDetails details =
                new TaskDetails(
                        "Fix crash when the cart is empty",
                        true,
                        DESCRIPTION.replace("\\n", "\n"),
                        OriginProduct.SIGNAL_REPORT,
                        Optional.of("acme/mobile"),
                        Optional.of(912L),
                        Optional.of(CONNECTION),
                        Optional.of(REPORT),
                        Optional.empty(),
                        false,
                        Optional.of("Run the tests, all."));
        return new Task(
                ProjectHost.PROJECT,
                TaskId.of(TASK_ID),
                42,
                1,
                details,
                creator,
                CREATED,
                CREATED,
                Optional.empty());
    }

    private static TaskAnswer answer(TaskAnswer.RunAnswer run, TaskAnswer.UserAnswer creator) {
        return new TaskAnswer(
                TASK_ID,
                42,
                "AMB-42",
                "Fix crash when the cart is empty",
                true,
                DESCRIPTION.replace("\\n", "\n"),
                OriginProduct.SIGNAL_REPORT,
                "acme/mobile",
                912L,
                CONNECTION,
                REPORT,
                null,
                false,
                run,
                CREATED,
                CREATED,
                creator,
                "Run the tests, all.");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
