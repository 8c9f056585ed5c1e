package dev.errand.testkit;

import static dev.errand.error.ErrorCode.EMPTY;
import static dev.errand.error.ErrorCode.INVALID_INPUT;
import static dev.errand.error.ErrorCode.NULL;
import static dev.errand.testkit.Member.anything;
import static dev.errand.testkit.Member.choice;
import static dev.errand.testkit.Member.flag;
import static dev.errand.testkit.Member.list;
import static dev.errand.testkit.Member.nonBlank;
import static dev.errand.testkit.Member.number;
import static dev.errand.testkit.Member.object;
import static dev.errand.testkit.Member.text;
import static dev.errand.testkit.Member.uuid;

import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunLimits;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.TaskDetails;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Generators for request bodies: valid ones, and invalid ones with the error that must be reported.
 * A valid request satisfies all rules that concern the request alone; whether the objects that it
 * refers to exist depends on the stored data.
 */
public final class Requests {

    private static final int ANY_LENGTH = Integer.MAX_VALUE;

    // spotless:off
    private static final List<Member> TASK =
            List.of(
                    text("title", TaskDetails.MAX_TITLE_LENGTH),
                    flag("title_manually_set"),
                    text("description", ANY_LENGTH),
                    choice("origin_product", OriginProduct.values()),
                    text("repository", TaskDetails.MAX_REPOSITORY_LENGTH).orNull()
                            .good("\"acme/mobile\"", "\" Acme/Web \"", "\"\"", "null")
                            .bad("\"mobile\"", INVALID_INPUT).bad("\"a/b/c\"", INVALID_INPUT).bad("\"a/..\"", INVALID_INPUT),
                    flag("internal"),
                    anything("json_schema").orNull()
                            .bad("7", INVALID_INPUT).bad("[]", INVALID_INPUT)
                            .good("{}", "true", "null", "{\"type\":\"object\",\"required\":[\"a\"]}"),
                    text("ci_prompt", ANY_LENGTH).orNull());

    private static Member branch() {
        return nonBlank("branch", RunLimits.MAX_BRANCH_LENGTH)
                .good("\"main\"", "\" fix/cart \"", "\"release/2.1-é\"")
                .orNull()
                .bad("\"-x\"", INVALID_INPUT)
                .bad("\"a b\"", INVALID_INPUT);
    }

    /** Members shared by the requests that start or record a run. */
    private static final List<Member> START =
            List.of(
                    choice("mode", ExecutionMode.values()),
                    branch(),
                    uuid("sandbox_environment_id"),
                    choice("pr_authorship_mode", PrAuthorshipMode.values()),
                    choice("run_source", RunSource.values()),
                    nonBlank("signal_report_id", ANY_LENGTH),
                    nonBlank("github_user_token", ANY_LENGTH));

    private static final List<Member> PENDING =
            List.of(
                    text("pending_user_message", ANY_LENGTH),
                    list("pending_user_artifact_ids", nonBlank("", RunLimits.MAX_ARTIFACT_ID_LENGTH), 0, EMPTY));

    private static final List<Member> UPLOAD =
            List.of(
                    nonBlank("name", UploadItem.MAX_NAME_LENGTH).required(),
                    choice("type", ArtifactType.values()).required(),
                    text("source", UploadItem.MAX_SOURCE_LENGTH),
                    text("content_type", UploadItem.MAX_CONTENT_TYPE_LENGTH));

    private static final Map<Class<? extends Record>, List<Member>> DECLARED = Map.ofEntries(
            Map.entry(CreateTaskRequest.class, TASK),
            Map.entry(UpdateTaskRequest.class, TASK),
            Map.entry(RunTaskRequest.class, concat(START, concat(PENDING, List.of(uuid("resume_from_run_id"))))),
            Map.entry(CreateRunRequest.class, concat(START, List.of(choice("environment", RunEnvironment.values())))),
            Map.entry(StartRunRequest.class, PENDING),
            Map.entry(CancelRunRequest.class, List.of(
                    text("reason", RunLimits.MAX_CANCEL_REASON_LENGTH).orNull())),
            Map.entry(UpdateRunRequest.class, List.of(
                    choice("status", RunStatus.values()),
                    branch(),
                    nonBlank("stage", RunLimits.MAX_STAGE_LENGTH).orNull(),
                    anything("output").orNull(),
                    object("state"),
                    list("state_remove_keys", nonBlank("", ANY_LENGTH), 1, EMPTY),
                    text("error_message", ANY_LENGTH).orNull())),
            Map.entry(SetOutputRequest.class, List.of(anything("output").bad("null", NULL).required())),
            Map.entry(AppendLogRequest.class, List.of(list("entries", object(""), 1, INVALID_INPUT).required())),
            Map.entry(UploadItem.class, concat(UPLOAD, List.of(
                    number("size", 1, UploadItem.MAX_SIZE_IN_BYTES).required()))),
            Map.entry(FinalizeItem.class, concat(UPLOAD, List.of(
                    nonBlank("id", ANY_LENGTH).required(),
                    nonBlank("storage_path", FinalizeItem.MAX_STORAGE_PATH_LENGTH).required()))));
    // spotless:on

    private static final RequestBinder BINDER =
            new RequestBinder(new RequestValidator(RequestValidator.defaultValidator()));

    private Requests() {}

    /** Returns all request types. */
    public static Set<Class<? extends Record>> types() {
        return Stream.concat(
                        DECLARED.keySet().stream(),
                        Stream.of(PrepareUploadsRequest.class, FinalizeUploadsRequest.class))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns valid requests of a type.
     *
     * @throws IllegalArgumentException if the type is not a request type
     */
    public static <R extends Record> Arbitrary<R> valid(Class<R> request) {
        return validJson(request)
                .map(json -> BINDER.read(request, json.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns bodies of valid requests of a type.
     *
     * @throws IllegalArgumentException if the type is not a request type
     */
    public static Arbitrary<String> validJson(Class<? extends Record> request) {
        Optional<Class<? extends Record>> item = itemOf(request);
        return item.isPresent()
                ? validJson(item.get()).list().ofMinSize(1).ofMaxSize(3).map(Requests::artifacts)
                : members(request).map(Requests::body);
    }

    /**
     * Returns bodies with exactly one invalid or missing member.
     *
     * @throws IllegalArgumentException if the type is not a request type
     */
    public static Arbitrary<RejectedRequest> rejected(Class<? extends Record> request) {
        Optional<Class<? extends Record>> item = itemOf(request);
        if (item.isPresent()) {
            return rejected(item.get())
                    .map(
                            it ->
                                    new RejectedRequest(
                                            request,
                                            artifacts(List.of(it.json())),
                                            it.code(),
                                            "artifacts__0__" + it.attr()));
        }
        return Combinators.combine(members(request), Arbitraries.of(defects(request)))
                .as((members, defect) -> invalidate(request, members, defect));
    }

    /** A member and its invalid value; null if the member is missing. */
    private record Defect(String member, Member.Bad bad) {}

    private static List<Defect> defects(Class<? extends Record> request) {
        List<Defect> defects = new ArrayList<>();
        for (Member member : declared(request)) {
            member.bad().forEach(bad -> defects.add(new Defect(member.name(), bad)));
            if (member.isRequired()) {
                defects.add(
                        new Defect(member.name(), new Member.Bad(null, ErrorCode.REQUIRED, "")));
            }
        }
        return defects;
    }

    private static RejectedRequest invalidate(
            Class<? extends Record> request, Map<String, String> members, Defect defect) {
        Map<String, String> invalid = new LinkedHashMap<>(members);
        invalid.remove(defect.member());
        if (defect.bad().json() != null) {
            invalid.put(defect.member(), defect.bad().json());
        }
        return new RejectedRequest(
                request,
                body(invalid),
                defect.bad().code(),
                defect.member() + defect.bad().under());
    }

    private static Arbitrary<Map<String, String>> members(Class<? extends Record> request) {
        List<Member> declared = declared(request);
        List<Arbitrary<Optional<String>>> values =
                declared.stream()
                        .map(member -> member.good().optional(member.isRequired() ? 1 : 0.6))
                        .toList();
        return Combinators.combine(values)
                .as(
                        chosen -> {
                            Map<String, String> members = new LinkedHashMap<>();
                            for (int i = 0; i < chosen.size(); i++) {
                                String name = declared.get(i).name();
                                chosen.get(i).ifPresent(value -> members.put(name, value));
                            }
                            return members;
                        });
    }

    private static List<Member> declared(Class<? extends Record> request) {
        List<Member> declared = DECLARED.get(request);
        if (declared == null) {
            throw new IllegalArgumentException(request + " is not one of " + types());
        }
        return declared;
    }

    private static Optional<Class<? extends Record>> itemOf(Class<? extends Record> request) {
        return request == PrepareUploadsRequest.class
                ? Optional.of(UploadItem.class)
                : request == FinalizeUploadsRequest.class
                        ? Optional.of(FinalizeItem.class)
                        : Optional.empty();
    }

    private static String artifacts(List<String> items) {
        return "{\"artifacts\":[" + String.join(",", items) + "]}";
    }

    private static String body(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> Member.quoted(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static <T> List<T> concat(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
