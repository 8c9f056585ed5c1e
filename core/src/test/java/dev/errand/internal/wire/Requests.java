package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.InlineArtifact;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.artifact.UploadItem;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.CommandRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Every request of the wire, with a valid body that contains each of its members. */
enum Requests {
    CREATE_TASK(
            CreateTaskRequest.class,
            """
            {"title": "Cart crash", "title_manually_set": true, "description": "It crashes.",
             "origin_product": "signal_report", "repository": "acme/mobile", "github_integration": 12,
             "github_user_integration": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10",
             "signal_report": "6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34",
             "signal_report_task_relationship": "implementation",
             "json_schema": true, "internal": false, "ci_prompt": "Fix CI."}
            """),
    UPDATE_TASK(UpdateTaskRequest.class, CREATE_TASK.body),
    RUN_TASK(
            RunTaskRequest.class,
            """
            {"mode": "interactive", "branch": "main",
             "resume_from_run_id": "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46",
             "pending_user_message": "See the spec.", "pending_user_artifact_ids": ["a", "b"],
             "sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10",
             "pr_authorship_mode": "user", "run_source": "manual", "signal_report_id": "r-1",
             "runtime_adapter": "claude", "model": "claude-opus-4-6", "reasoning_effort": "high",
             "github_user_token": "ghp_1", "initial_permission_mode": "auto"}
            """),
    CREATE_RUN(
            CreateRunRequest.class,
            """
            {"environment": "cloud", "mode": "interactive", "branch": "main",
             "sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10",
             "pr_authorship_mode": "user", "run_source": "manual", "signal_report_id": "r-1",
             "runtime_adapter": "claude", "model": "claude-opus-4-6", "reasoning_effort": "high",
             "github_user_token": "ghp_1", "initial_permission_mode": "auto"}
            """),
    START_RUN(
            StartRunRequest.class,
            """
            {"pending_user_message": "See the spec.", "pending_user_artifact_ids": ["a", "b"]}
            """),
    COMMAND(
            CommandRequest.class,
            """
            {"jsonrpc": "2.0", "method": "cancel", "params": {"a": 1}, "id": 1}
            """),
    CANCEL_RUN(
            CancelRunRequest.class,
            """
            {"reason": "wrong branch", "only_if_awaiting_first_message": false}
            """),
    UPDATE_RUN(
            UpdateRunRequest.class,
            """
            {"status": "in_progress", "branch": "fix/cart", "stage": "build", "output": {"pr_url": "u"},
             "state": {"k": 1}, "state_remove_keys": ["a", "b"], "error_message": "none",
             "environment": "local"}
            """),
    SET_OUTPUT(SetOutputRequest.class, "{\"output\": {\"pr_url\": \"u\"}}"),
    APPEND_LOG(AppendLogRequest.class, "{\"entries\": [{\"a\": 1}, {}, {\"b\": 2}]}"),
    PREPARE_UPLOADS(
            PrepareUploadsRequest.class,
            """
            {"artifacts": [
              {"name": "spec.pdf", "type": "user_attachment", "source": "s", "size": 4096,
               "content_type": "application/pdf"},
              {"name": "plan.md", "type": "plan", "source": "", "size": 1, "content_type": ""}]}
            """),
    UPLOAD_REQUEST(
            UploadItem.class,
            """
            {"name": "spec.pdf", "type": "user_attachment", "source": "s", "size": 4096,
             "content_type": "application/pdf"}
            """),
    FINALIZE_UPLOADS(
            FinalizeUploadsRequest.class,
            """
            {"artifacts": [
              {"id": "i1", "name": "spec.pdf", "type": "user_attachment", "source": "s",
               "storage_path": "tasks/a", "content_type": "application/pdf"},
              {"id": "i2", "name": "plan.md", "type": "plan", "source": "", "storage_path": "tasks/b",
               "content_type": ""}]}
            """),
    FINALIZE_REQUEST(
            FinalizeItem.class,
            """
            {"id": "i1", "name": "spec.pdf", "type": "user_attachment", "source": "s",
             "storage_path": "tasks/a", "content_type": "application/pdf"}
            """),
    INLINE_UPLOADS(
            UploadArtifactsRequest.class,
            """
            {"artifacts": [
              {"name": "a.bin", "type": "output", "source": "s", "content": "AAEC",
               "content_encoding": "base64", "content_type": "application/pdf"},
              {"name": "plan.md", "type": "plan", "source": "", "content": "UGxhbg==",
               "content_encoding": "utf-8", "content_type": ""}]}
            """),
    INLINE_UPLOAD(
            InlineArtifact.class,
            """
            {"name": "plan.md", "type": "plan", "source": "s", "content": "UGxhbg==",
             "content_encoding": "utf-8", "content_type": "text/plain"}
            """),
    SUMMARIZE_TASKS(
            SummarizeTasksRequest.class, "{\"ids\": [\"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10\"]}"),
    RELAY_MESSAGE(RelayMessageRequest.class, "{\"text\": \"Done.\"}"),
    ARTIFACT_OF_RUN(ArtifactReadRequest.class, "{\"storage_path\": \"tasks/a\"}");

    static final JsonMapper MAPPER = new JsonMapper();
    static final RequestValidator VALIDATOR =
            new RequestValidator(RequestValidator.defaultValidator());

    private static final RequestValidator LATER_VALIDATOR =
            new RequestValidator(RequestValidator.defaultValidator(), ApiProfile.V2026_09);

    private final Class<? extends Record> type;
    private final String body;

    Requests(Class<? extends Record> type, String body) {
        this.type = type;
        this.body = body;
    }

    /** The result of binding and validation: the request, or its violations. */
    record Outcome(Record request, List<Violation> violations) {

        static Outcome of(Supplier<Record> constructor) {
            try {
                Record request = constructor.get();
                VALIDATOR.validate(request);
                return new Outcome(request, List.of());
            } catch (InvalidRequestException refused) {
                return new Outcome(null, refused.violations());
            }
        }
    }

    /** Binds and validates a body in the default profile. */
    static <R extends Record> R read(Class<R> type, byte[] body) {
        return read(ApiProfile.V2026_05, type, body);
    }

    /** Binds and validates a body. */
    static <R extends Record> R read(ApiProfile profile, Class<R> type, byte[] body) {
        RequestValidator validator = profile == ApiProfile.V2026_05 ? VALIDATOR : LATER_VALIDATOR;
        R request = new RequestBinder(validator).read(type, body);
        validator.validate(request);
        return request;
    }

    /** Binds and validates a body. */
    static <R extends Record> R read(Class<R> type, String body) {
        return read(type, body.getBytes(StandardCharsets.UTF_8));
    }

    Class<? extends Record> type() {
        return type;
    }

    /** Returns a body in which every member is valid. */
    ObjectNode body() {
        return (ObjectNode) tree(body);
    }

    Record read(String json) {
        return read(type, json);
    }

    Outcome outcome(JsonNode json) {
        // UTF-8 cannot encode a lone surrogate, so it is sent as an escape.
        return Outcome.of(() -> read(Text.escapeLoneSurrogates(json.toString())));
    }

    /** Returns the wire names of the members that every profile has, in declaration order. */
    List<String> members() {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getAnnotation(AddedIn.class) == null)
                .map(component -> Violations.wireName(component.getName()))
                .toList();
    }

    /** Returns the record component of a member. */
    RecordComponent component(String member) {
        return Arrays.stream(type.getRecordComponents())
                .filter(it -> Violations.wireName(it.getName()).equals(member))
                .findFirst()
                .orElseThrow();
    }

    /** Returns a copy of a request with another value of a component. */
    Record with(Record request, RecordComponent changed, Object value) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                boolean isIt = components[i].getName().equals(changed.getName());
                values[i] = isIt ? value : components[i].getAccessor().invoke(request);
            }
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(refused);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Sets the value at a path (docs/wire/errors.md#c4); null removes the member. */
    static ObjectNode set(ObjectNode body, String path, JsonNode value) {
        String[] steps = path.split("__");
        JsonNode at = body;
        for (String step : Arrays.copyOf(steps, steps.length - 1)) {
            at = at instanceof ArrayNode list ? list.get(Integer.parseInt(step)) : at.get(step);
        }
        String last = steps[steps.length - 1];
        if (at instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else if (value == null) {
            ((ObjectNode) at).remove(last);
        } else {
            ((ObjectNode) at).set(last, value);
        }
        return body;
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException invalid) {
            throw new UncheckedIOException(invalid);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
