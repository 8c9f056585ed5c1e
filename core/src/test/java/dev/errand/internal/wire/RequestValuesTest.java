package dev.errand.internal.wire;

import static dev.errand.internal.wire.Requests.set;
import static dev.errand.internal.wire.Requests.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.errand.artifact.InlineArtifact;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.wire.Requests.Outcome;
import dev.errand.request.Patch;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The accepted notations of values, and the content that is ignored
 * (docs/wire/conventions.md#conventions).
 */
class RequestValuesTest {

    private static final UUID ID = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10");

    // Texts

    @ParameterizedTest
    @ValueSource(strings = {"5", "-0", "1.10", "1e400", "123456789012345678901234567890"})
    void aNumberIsAcceptedAsATextWithoutRewriting(String number) {
        assertThat(createTask("{\"title\": " + number + "}").title()).hasValue(number);
    }

    /**
     * The white space of Unicode, and the separators that the reference implementation trims as
     * well.
     */
    static List<String> whiteSpace() {
        String spaces =
                "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
                        + "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u001c\u001d\u001e\u001f";
        return spaces.chars().mapToObj(Character::toString).toList();
    }

    @ParameterizedTest
    @MethodSource("whiteSpace")
    void whiteSpaceAroundATextIsRemoved(String space) {
        ObjectNode body = Requests.MAPPER.createObjectNode();
        body.put("title", space + " a" + space + "b " + space);
        assertThat(createTask(body.toString()).title()).hasValue("a" + space + "b");
    }

    @ParameterizedTest
    @MethodSource("whiteSpace")
    void aTextOfWhiteSpaceIsBlank(String space) {
        assertThat(runTask("branch", quoted(space + space)).violations())
                .containsExactly(Violation.of(ErrorCode.BLANK, "branch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b", "\ufeff", "\u0001", "\u180e"})
    void anInvisibleCharacterIsNotBlank(String invisible) {
        assertThat(runTask("signal_report_id", quoted(invisible)).violations()).isEmpty();
    }

    @Test
    void theLimitAppliesToTheTrimmedText() {
        String longest = "b".repeat(255);
        assertThat(runTask("branch", quoted("  " + longest + "  ")).violations()).isEmpty();
    }

    @Test
    void theLimitCountsCodePoints() {
        String smiles = "\ud83d\ude00".repeat(255);
        assertThat(runTask("branch", quoted(smiles)).violations()).isEmpty();
        assertThat(runTask("branch", quoted(smiles + "x")).violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.MAX_LENGTH,
                                "branch",
                                "Ensure this field has no more than 255 characters."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "  a\\u0000 "})
    void aNulCharacterIsRejected(String escaped) {
        assertThat(runTask("branch", "\"" + escaped + "\"").violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_INPUT,
                                "branch",
                                "Null characters are not allowed."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "a\\udfffb", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00"})
    void aLoneSurrogateIsRejected(String escaped) {
        assertThat(runTask("branch", "\"" + escaped + "\"").violations())
                .containsExactly(
                        Violation.of(ErrorCode.INVALID_INPUT, "branch", "Not a valid string."));
    }

    @ParameterizedTest
    @EnumSource(names = {"RUN_TASK", "CREATE_RUN", "UPDATE_RUN"})
    void everyRequestChecksItsBranch(Requests request) {
        for (String branch : List.of("-x", "a\nb", "a..b", "a b", " -x ", "a.lock")) {
            JsonNode body = set(request.body(), "branch", TextNode.valueOf(branch));
            assertThat(request.outcome(body).violations())
                    .as(branch)
                    .containsExactly(
                            Violation.of(
                                    ErrorCode.INVALID_INPUT, "branch", "Invalid branch name."));
        }
        JsonNode good = set(request.body(), "branch", TextNode.valueOf(" fix/a@b#1 "));
        assertThat(request.outcome(good).violations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE_TASK", "UPDATE_TASK"})
    void everyRequestChecksItsRepository(Requests request) {
        for (String repository : List.of("a/..", "git@host:a/b.git", "a/b\nc", "-x/b", "a b/c")) {
            JsonNode body = set(request.body(), "repository", TextNode.valueOf(repository));
            assertThat(request.outcome(body).violations())
                    .as(repository)
                    .containsExactly(
                            Violation.of(
                                    ErrorCode.INVALID_INPUT,
                                    "repository",
                                    "Repository must be in the format organization/repository"));
        }
        JsonNode good = set(request.body(), "repository", TextNode.valueOf(" a/b\n"));
        assertThat(request.outcome(good).violations()).isEmpty();
    }

    /** docs/wire/artifacts.md#i6 */
    @ParameterizedTest
    @ValueSource(strings = {"a\n", " a", "\t", "\u00a0", "\n\n", "\r\na\r\n", "\ufeffa", "e\u0301"})
    void theContentOfAFileIsNotNormalised(String content) {
        for (String encoding : List.of("utf-8", "base64")) {
            String sent =
                    encoding.equals("utf-8")
                            ? content
                            : Base64.getEncoder()
                                    .encodeToString(content.getBytes(StandardCharsets.UTF_8));
            assertThat(inline(sent, encoding).bytes())
                    .isEqualTo(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whiteSpaceAroundBase64IsNoContent() {
        assertThat(inline("\n YWI= \n", "base64").bytes()).containsExactly('a', 'b');
    }

    private static InlineArtifact inline(String content, String encoding) {
        ObjectNode item =
                Requests.MAPPER
                        .createObjectNode()
                        .put("name", "a")
                        .put("type", "plan")
                        .put("content", content)
                        .put("content_encoding", encoding);
        String body = "{\"artifacts\":[" + item + "]}";
        return Requests.read(UploadArtifactsRequest.class, body).artifacts().get(0);
    }

    @Test
    void aSurrogatePairIsAccepted() {
        assertThat(createTask("{\"title\": \"\\ud83d\\ude00\"}").title()).hasValue("\ud83d\ude00");
    }

    @Test
    void aTextMayBeEmptyAfterTrimming() {
        CreateTaskRequest request = createTask("{\"title\": \" \", \"repository\": \"\\t\"}");
        assertThat(request.title()).hasValue("");
        assertThat(request.repository()).hasValue("");
    }

    // Integers

    @ParameterizedTest
    @CsvSource({
        "12, 12",
        "-0, 0",
        "\"12\", 12",
        "\" 12 \", 12",
        "\"+12\", 12",
        "\"-12\", -12",
        "\"0012\", 12",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void anIntegerMayBeText(String json, long value) {
        assertThat(createTask("{\"github_integration\": " + json + "}").githubIntegration())
                .hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1.5",
                "1e2",
                "true",
                "false",
                "\"\"",
                "\" \"",
                "\"+\"",
                "\"-\"",
                "\"1.0\"",
                "\"1 2\"",
                "\"1_000\"",
                "\"0x10\"",
                "\"--1\"",
                "\"\u0661\"",
                "\"\uff11\"",
                "\"\u00b2\"",
                "{}",
                "[1]",
                "\"NaN\""
            })
    void otherValuesAreNotIntegers(String json) {
        assertThat(
                        Requests.CREATE_TASK
                                .outcome(tree("{\"github_integration\": " + json + "}"))
                                .violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_INPUT,
                                "github_integration",
                                "A valid integer is required."));
    }

    @ParameterizedTest
    @CsvSource({
        "1, ",
        "31457280, ",
        "\"31457280\", ",
        "0, min_value: Ensure this value is greater than or equal to 1.",
        "-1, min_value: Ensure this value is greater than or equal to 1.",
        "-99999999999999999999999, min_value: Ensure this value is greater than or equal to 1.",
        "31457281, max_value: Ensure this value is less than or equal to 31457280.",
        "99999999999999999999999, max_value: Ensure this value is less than or equal to 31457280."
    })
    void aSizeHasARange(String json, String problem) {
        ObjectNode body = set(Requests.PREPARE_UPLOADS.body(), "artifacts__1__size", tree(json));
        assertThat(
                        Requests.PREPARE_UPLOADS.outcome(body).violations().stream()
                                .map(found -> found.code().wire() + ": " + found.detail()))
                .isEqualTo(problem == null ? List.of() : List.of(problem));
    }

    // Booleans

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "1",
                "\"1\"",
                "\"true\"",
                "\"TRUE\"",
                "\"True\"",
                "\"tRuE\"",
                "\"t\"",
                "\"T\"",
                "\"yes\"",
                "\"Yes\"",
                "\"y\"",
                "\"Y\"",
                "\"on\"",
                "\"ON\"",
                "\" true \"",
                "\"\u00a0on\""
            })
    void trueHasSeveralNotations(String json) {
        assertThat(createTask("{\"internal\": " + json + "}").internal()).hasValue(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "0",
                "\"0\"",
                "\"false\"",
                "\"FALSE\"",
                "\"False\"",
                "\"f\"",
                "\"F\"",
                "\"no\"",
                "\"No\"",
                "\"n\"",
                "\"N\"",
                "\"off\"",
                "\"OFF\"",
                "\"\\tfalse\"",
                "\"\u00a0no\""
            })
    void falseHasSeveralNotations(String json) {
        assertThat(createTask("{\"internal\": " + json + "}").internal()).hasValue(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2",
                "-1",
                "1.0",
                "0.0",
                "10",
                "\"\"",
                "\"ja\"",
                "\"truee\"",
                "\"2\"",
                "\"on off\"",
                "\"t\\u0000\"",
                "\"\\u0001t\"",
                "[]",
                "{}",
                "[true]"
            })
    void otherValuesAreNotBooleans(String json) {
        assertThat(Requests.CREATE_TASK.outcome(tree("{\"internal\": " + json + "}")).violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_INPUT, "internal", "Must be a valid boolean."));
    }

    // UUIDs

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10",
                "2D0F5C6E-7A1B-4B7E-9D41-8C5A6F3E2B10",
                "2d0f5c6e7a1b4b7e9d418c5a6f3e2b10",
                "2D0F5c6e7a1b4b7e9d418c5a6f3e2B10",
                " 2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10\t"
            })
    void aUuidHasSeveralNotations(String text) {
        assertThat(createTask("{\"signal_report\": " + quoted(text) + "}").signalReport())
                .hasValue(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b1\"",
                "\"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b100\"",
                "\"2d0f5c6e-7a1b-4b7e-9d418c5a6f3e2b10\"",
                "\"2d0f5c6e7a1b-4b7e-9d41-8c5a6f3e2b10\"",
                "\"{2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10}\"",
                "\"urn:uuid:2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10\"",
                "\"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b1g\"",
                "\"2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b1\u0661\"",
                "\"2d0f5c6e7a1b4b7e9d418c5a6f3e2b1\uff11\"",
                "\"1-1-1-1-1\"",
                "\"\"",
                "0",
                "59940567049216812080130812016934562576"
            })
    void otherValuesAreNotUuids(String json) {
        assertThat(
                        Requests.CREATE_TASK
                                .outcome(tree("{\"signal_report\": " + json + "}"))
                                .violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_INPUT, "signal_report", "Must be a valid UUID."));
    }

    // Choices

    @ParameterizedTest
    @CsvSource({
        "Background, Background",
        "'background ', 'background '",
        "2.50, 2.50",
        "quo\"te, quo\"te",
        "'', ''"
    })
    void aChoiceMustMatchExactlyAndTheErrorShowsTheValue(String sent, String shown) {
        assertThat(runTask("mode", quoted(sent)).violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_CHOICE,
                                "mode",
                                "\"" + shown + "\" is not a valid choice."));
    }

    @Test
    void theErrorShowsOnlyTheBeginningOfALongChoice() {
        String detail = runTask("mode", quoted("x".repeat(5_000))).violations().get(0).detail();
        assertThat(detail).startsWith("\"xxx").endsWith("...\" is not a valid choice.");
        assertThat(detail.length()).isLessThan(150);
    }

    @Test
    void aRunCanOnlyBeUpdatedToTheLocalEnvironment() {
        assertThat(Requests.UPDATE_RUN.outcome(tree("{\"environment\": \"cloud\"}")).violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_CHOICE,
                                "environment",
                                "\"cloud\" is not a valid choice."));
    }

    // Members

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": {\"deep\": [1, {\"a\": null}]}, \"title\": \"t\"}",
                "{\"TITLE\": 5, \"Title\": [], \"title \": {}, \"\": 1, \"title\": \"t\"}",
                "{\"title\": \"t\", \"github_user_token\": [], \"titleManuallySet\": 7}"
            })
    void unknownMembersAreIgnored(String json) {
        assertThat(createTask(json)).isEqualTo(CreateTaskRequest.builder().title("t").build());
    }

    @ParameterizedTest
    @CsvSource({"RUN_TASK, environment", "CREATE_RUN, resume_from_run_id", "START_RUN, mode"})
    void aMemberOfAnotherRequestIsUnknown(Requests request, String member) {
        ObjectNode body = request.body();
        Record without = request.read(body.toString());
        assertThat(request.read(set(body, member, tree("[5]")).toString())).isEqualTo(without);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"title\": 5, \"title\": \"last\"}; last",
                "{\"title\": {}, \"title\": \"last\"}; last",
                "{\"title\": null, \"title\": \"last\"}; last",
                "{\"title\": \"first\", \"internal\": [], \"internal\": true, \"title\": \"last\"}; last"
            })
    void theLastOfDuplicateMembersWins(String json, String title) {
        assertThat(createTask(json).title()).hasValue(title);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"title\": \"first\", \"title\": []}; invalid_input",
                "{\"title\": [], \"title\": null}; null",
                "{\"title\": null, \"title\": []}; invalid_input"
            })
    void theLastOfDuplicateMembersIsReported(String json, String code) {
        Outcome outcome = Requests.CREATE_TASK.outcome(raw(json));
        assertThat(outcome.violations().stream().map(found -> found.code().wire()))
                .containsExactly(code);
    }

    @Test
    void nullReplacesAnEarlierDuplicate() {
        UpdateTaskRequest request =
                Requests.read(
                        UpdateTaskRequest.class, "{\"repository\": \"a/b\", \"repository\": null}");
        assertThat(request.repository()).isEqualTo(Patch.clear());
    }

    @Test
    void absentMembersHaveTheirDefaults() {
        assertThat(Requests.read(RunTaskRequest.class, "{}"))
                .isEqualTo(RunTaskRequest.builder().build());
        assertThat(Requests.read(CreateTaskRequest.class, "{}"))
                .isEqualTo(CreateTaskRequest.builder().build());
        assertThat(Requests.read(UpdateRunRequest.class, "{}"))
                .isEqualTo(UpdateRunRequest.builder().build());
        PrepareUploadsRequest uploads =
                Requests.read(
                        PrepareUploadsRequest.class,
                        "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}]}");
        assertThat(uploads.artifacts().get(0).source()).isEmpty();
        assertThat(uploads.artifacts().get(0).contentType()).isEqualTo(Optional.empty());
    }

    @Test
    void nullClearsAMemberAndAbsenceKeepsIt() {
        UpdateRunRequest request =
                Requests.read(
                        UpdateRunRequest.class,
                        "{\"branch\": null, \"output\": null, \"error_message\": \"\"}");
        assertThat(request.branch()).isEqualTo(Patch.clear());
        assertThat(request.output()).isEqualTo(Patch.clear());
        assertThat(request.errorMessage()).isEqualTo(Patch.set(""));
        assertThat(request.stage()).isEqualTo(Patch.absent());
    }

    @Test
    void opaqueJsonKeepsEverythingButWhiteSpaceBetweenTokens() {
        AppendLogRequest request =
                Requests.read(
                        AppendLogRequest.class,
                        "{\"entries\": [ { \"n\" : 1.10 , \"t\" : \" \\u0000 \" } ]}");
        assertThat(request.entries())
                .containsExactly(JsonText.of("{\"n\":1.10,\"t\":\" \\u0000 \"}"));
    }

    // Positions

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PREPARE_UPLOADS; artifacts__1__size; true",
                "PREPARE_UPLOADS; artifacts__0__name; \"\"",
                "FINALIZE_UPLOADS; artifacts__1__storage_path; {}",
                "RUN_TASK; pending_user_artifact_ids__0; [\"nested\"]",
                "START_RUN; pending_user_artifact_ids__1; null",
                "UPDATE_RUN; state_remove_keys__0; false",
                "APPEND_LOG; entries__2; \"text\""
            })
    void aViolationInsideAListNamesItsIndex(Requests request, String path, String json) {
        Outcome outcome = request.outcome(set(request.body(), path, tree(json)));
        assertThat(outcome.violations().stream().map(found -> found.attr().orElseThrow()))
                .containsExactly(path);
    }

    @Test
    void violationsInsideAListAreInItsOrder() {
        Outcome outcome =
                Requests.PREPARE_UPLOADS.outcome(
                        tree(
                                """
                                {"artifacts": [
                                  {"name": "a", "type": "plan", "size": 1}, 7,
                                  {"type": "x", "size": 0}]}
                                """));
        assertThat(outcome.violations().stream().map(found -> found.attr().orElseThrow()))
                .containsExactly(
                        "artifacts__1",
                        "artifacts__2__name",
                        "artifacts__2__type",
                        "artifacts__2__size");
    }

    /** Rules between members are not checked if one member cannot be read. */
    @Test
    void rulesBetweenMembersAreCheckedOnlyIfEveryMemberIsValid() {
        Outcome outcome =
                Requests.RUN_TASK.outcome(
                        tree("{\"model\": \"m\", \"branch\": \"\", \"mode\": 5}"));
        assertThat(outcome.violations().stream().map(found -> found.attr().orElseThrow()))
                .containsExactly("mode", "branch");
    }

    private static CreateTaskRequest createTask(String json) {
        return Requests.read(CreateTaskRequest.class, json);
    }

    private static Outcome runTask(String member, String json) {
        return Outcome.of(
                () -> Requests.read(RunTaskRequest.class, "{\"" + member + "\": " + json + "}"));
    }

    private static String quoted(String text) {
        return Requests.MAPPER.getNodeFactory().textNode(text).toString();
    }

    /** Returns a body with duplicate members, which a JSON tree cannot represent. */
    private static JsonNode raw(String json) {
        return Requests.MAPPER.getNodeFactory().rawValueNode(new RawValue(json));
    }

    @Test
    void aNumberHasAtMostAThousandDigits() {
        assertThat(sizeOfDigits(1_000).code()).isEqualTo(ErrorCode.MAX_VALUE);
        assertThat(sizeOfDigits(1_001))
                .isEqualTo(
                        Violation.of(
                                ErrorCode.INVALID_INPUT, "size", "A valid integer is required."));
    }

    private static Violation sizeOfDigits(int digits) {
        return Requests.UPLOAD_REQUEST
                .outcome(
                        set(
                                Requests.UPLOAD_REQUEST.body(),
                                "size",
                                tree(quoted("1".repeat(digits)))))
                .violations()
                .get(0);
    }

    @Test
    void theItemsOfAListAreCheckedOneByOne() {
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () ->
                                Requests.read(
                                        StartRunRequest.class,
                                        "{\"pending_user_artifact_ids\":[\"a\",\"\\u0000\"]}"));

        assertThat(refused.violations())
                .singleElement()
                .satisfies(it -> assertThat(it.attr()).hasValue("pending_user_artifact_ids__1"));
    }
}
