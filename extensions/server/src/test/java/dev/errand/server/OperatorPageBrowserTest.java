package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The operator page in a real browser (docs/testing.md#browser). */
@Tag("browser")
class OperatorPageBrowserTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the page must never run or show as markup. */
    private static final String MARKUP =
            "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>";

    private static final String REVERSED = "\u202Etxt.exe";

    // Chromium may still write to its folder when it ends.
    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private ErrandServer server;
    private ApiTestClient api;
    private Chromium browser;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                Chromium.program().isPresent(),
                "no Chromium: install it (Debian: apt-get install chromium), or name it with"
                        + " -Derrand.test.jvm=-Derrand.chromium=FILE");
        server =
                ErrandServer.start(
                        ServerOptions.DEFAULT.withPort(0).withOperatorPage(OperatorPage.ACTIONS));
        api = ApiTestClient.of(server);
        browser = Chromium.start(Chromium.program().get(), folder);
        browser.call(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "window.violations = [];"
                                + "addEventListener('securitypolicyviolation',"
                                + " event => violations.push(event.violatedDirective))"));
        browser.resize(1100, 800);
        browser.open(server.url().resolve("/ui/"));
        browser.awaitTrue("document.activeElement?.id === 'token'");
    }

    @AfterEach
    void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void signIn() {
        browser.type(server.token().orElseThrow().reveal());
        browser.press("Enter", 13);
        browser.awaitText("#view h1", "Tasks");
    }

    private String create(String title) throws IOException {
        ObjectNode task = MAPPER.createObjectNode().put("title", title).put("description", title);
        return api.post("tasks/", task.toString()).ok().get("id").textValue();
    }

    /** Creates a run that an external agent executes. */
    private String externalRun(String task) throws IOException {
        String run = api.post("tasks/" + task + "/runs/", "{}").ok().get("id").textValue();
        api.patch(ApiTestClient.runPath(task, run), "{\"status\": \"in_progress\"}").ok();
        return run;
    }

    private void log(String task, String run, String text) throws IOException {
        ObjectNode entry = MAPPER.createObjectNode().put("type", "notification");
        ObjectNode update =
                entry.putObject("notification")
                        .put("jsonrpc", "2.0")
                        .put("method", "session/update")
                        .putObject("params")
                        .putObject("update")
                        .put("sessionUpdate", "agent_message");
        update.putObject("content").put("type", "text").put("text", text);
        ObjectNode body = MAPPER.createObjectNode();
        body.putArray("entries").add(entry);
        api.post(ApiTestClient.runPath(task, run) + "append_log/", body.toString()).ok();
    }

    private void show(String address) {
        browser.evaluate("location.hash = " + Chromium.quoted(address));
    }

    /** Returns the expression for the number of ended requests whose path ends so. */
    private static String requests(String path) {
        return "performance.getEntriesByType('resource').filter(each => new URL(each.name).pathname.endsWith(%s)).length"
                .formatted(Chromium.quoted(path));
    }

    private void assertNoViolation() {
        assertThat(browser.evaluate("JSON.stringify(window.violations)").textValue())
                .isEqualTo("[]");
    }

    @Test
    void wrongTokenIsReported() {
        browser.type("wrong");
        browser.press("Enter", 13);

        browser.awaitText("#sign-in-problem", "The token is not valid.");
    }

    @Test
    void taskAppearsAndItsLogIsLive() throws IOException {
        signIn();
        browser.awaitText("caption", "No tasks");
        String task = create("Fix the cart");
        browser.awaitText("tbody", "Fix the cart");
        String run = externalRun(task);
        browser.click("tbody a", "in progress");
        browser.awaitText("#view h1", "Run of DEF-0 Fix the cart");

        log(task, run, "The first message");
        browser.awaitText("#log", "The first message");
        log(task, run, "The second message");
        browser.awaitText("#log", "The second message");
        assertThat(browser.evaluate("document.querySelectorAll('#log article').length").intValue())
                .isEqualTo(2);
        api.patch(ApiTestClient.runPath(task, run), "{\"status\": \"completed\"}").ok();
        browser.awaitText("#announcement", "The run is completed.");
        browser.awaitText("ol", "completed");
        // Listed when the server has ended the stream, 5 s after the run.
        browser.awaitTrue(requests("/stream/") + " === 1");
        browser.awaitTrue(requests("/session_logs/") + " >= 3");
        assertThat(browser.evaluate(requests("/session_logs/")).intValue()).isEqualTo(3);
        assertNoViolation();
        assertThat(
                        browser.evaluate(
                                        "document.cookie + JSON.stringify({...localStorage, ...sessionStorage})"
                                                + " + location.href")
                                .textValue())
                .doesNotContain(server.token().orElseThrow().reveal());
    }

    @Test
    void whatAgentsWriteIsOnlyText() throws IOException {
        signIn();
        String task = create(MARKUP + REVERSED);
        String run = externalRun(task);
        ObjectNode change =
                MAPPER.createObjectNode()
                        .put("stage", MARKUP)
                        .put("branch", REVERSED)
                        .put("error_message", MARKUP);
        change.putObject("output").put("pr_url", "javascript:window.hacked = 1");
        api.patch(ApiTestClient.runPath(task, run), change.toString()).ok();
        log(task, run, MARKUP + REVERSED);
        browser.awaitText("tbody", "<script>");
        show("#/tasks/" + task);
        browser.awaitText("#view h1", "<script>");
        show("#/tasks/" + task + "/runs/" + run);
        browser.awaitText("#log", MARKUP + "\\u202etxt.exe");
        browser.awaitText("dl", "javascript:window.hacked = 1");

        assertThat(
                        browser.evaluate(
                                        "window.hacked === undefined"
                                                + " && document.querySelector('#main :is(script, img, iframe, style)') === null"
                                                + " && document.querySelector('a[href^=\"javascript\"]') === null"
                                                + " && !document.body.textContent.includes('\\u202e')")
                                .booleanValue())
                .isTrue();
        assertNoViolation();
    }

    @Test
    void longLineDoesNotBlockThePage() throws IOException {
        signIn();
        String task = create("long");
        String run = externalRun(task);
        show("#/tasks/" + task + "/runs/" + run);
        browser.awaitText("#view h1", "long");
        browser.evaluate(
                """
                window.longest = 0;
                new PerformanceObserver(list => list.getEntries().forEach(each => {
                  window.longest = Math.max(window.longest, each.duration);
                })).observe({ type: 'longtask' })""");
        log(task, run, "x".repeat(1_000_000));
        browser.awaitText("#log", "xxx");

        assertThat(browser.evaluate("document.querySelector('#log').textContent.length").intValue())
                .isLessThan(10_000);
        browser.click("#log button", "Show more (2,000 of 200,001 characters)");
        browser.awaitTrue("document.querySelector('#log pre').textContent.length === 22000");
        assertThat(browser.evaluate("window.longest").asDouble()).isLessThan(1_000);
    }

    @Test
    void queuedRunIsExplainedCancelledResumedAndRetried() throws IOException {
        String task = create("wait for an agent");
        String run = api.run(task, "");
        signIn();
        browser.click("nav a", "Queue");
        browser.awaitText("dl", "Longest wait");
        browser.click("section a", "wait for an agent");
        browser.awaitText("dl", "Why");

        browser.click("button", "Cancel the run");
        browser.awaitTrue("document.querySelector('dialog[open]')");
        browser.press("Escape", 27);
        browser.awaitTrue("document.querySelector('dialog') === null");
        assertThat(api.getRun(task, run).get("status").textValue()).isEqualTo("queued");
        browser.click("button", "Cancel the run");
        browser.click("dialog button", "Cancel the run");
        browser.awaitText("dl", "cancelled");
        assertThat(api.getRun(task, run).get("status").textValue()).isEqualTo("cancelled");
        browser.click("button", "Resume this run");
        browser.click("dialog button", "Resume");
        browser.awaitText("dl", "queued");
        assertThat(api.getRun(task, run).get("status").textValue()).isEqualTo("queued");
        api.patch(ApiTestClient.runPath(task, run), "{\"status\": \"cancelled\"}").ok();
        browser.click("button", "Retry as a new run");
        browser.click("dialog button", "Retry");
        browser.awaitTrue(
                "location.hash.includes('/runs/') && !location.hash.endsWith(%s)"
                        .formatted(Chromium.quoted(run)));
        browser.awaitText("dl", "queued");
    }

    @Test
    void artifactIsDownloaded() throws IOException {
        String task = create("files");
        String run = externalRun(task);
        String content =
                Base64.getEncoder().encodeToString("<b>bold</b>".getBytes(StandardCharsets.UTF_8));
        api.post(
                        ApiTestClient.runPath(task, run) + "artifacts/",
                        """
                        {"artifacts": [{"name": "page.html", "type": "output", "content": "%s",
                         "content_encoding": "base64", "content_type": "text/html"}]}"""
                                .formatted(content))
                .ok();
        browser.call(
                "Page.setDownloadBehavior",
                Map.of("behavior", "allow", "downloadPath", folder.toString()));
        signIn();
        show("#/tasks/" + task + "/runs/" + run);

        browser.click("section button", "Download");
        Path file = folder.resolve("page.html");
        await().until(() -> Files.exists(file) && Files.size(file) > 0);
        assertThat(file).hasContent("<b>bold</b>");
        assertNoViolation();
    }

    /** Also writes the screenshots of docs/, if their folder is given. */
    @Test
    void pagesHaveNoSeriousAccessibilityFindings() throws IOException {
        String axe = System.getProperty("errand.axe", "");
        String screenshots = System.getProperty("errand.screenshots", "");
        String task = create("Opening the cart with no items crashes");
        String run = externalRun(task);
        log(task, run, "I will look at CartFragment first.");
        log(task, run, "The total is null when the cart is empty; I add a test and a check.");
        api.patch(
                        ApiTestClient.runPath(task, run),
                        """
                        {"stage": "build", "branch": "errand/def-0", "output":
                         {"pr_url": "https://git.example.com/acme/mobile/pull/17"}}""")
                .ok();
        String failed = create("Update the translations");
        api.patch(
                        ApiTestClient.runPath(failed, externalRun(failed)),
                        "{\"status\": \"failed\", \"error_message\": \"Agent exited with code 3.\"}")
                .ok();
        api.run(create("Raise the version of the build tool"), "");
        check("sign-in", axe, screenshots);
        signIn();
        browser.awaitText("tbody", "Raise the version");
        check("tasks", axe, screenshots);
        show("#/tasks/" + task);
        browser.awaitText("tbody", "in progress");
        check("task", axe, screenshots);
        show("#/tasks/" + task + "/runs/" + run);
        browser.awaitText("#log", "add a test");
        check("run", axe, screenshots);
        show("#/queue");
        browser.awaitText("#view section:nth-of-type(1)", "Raise the version");
        check("queue", axe, screenshots);
    }

    private void check(String name, String axe, String screenshots) throws IOException {
        for (String scheme : new String[] {"dark", "light"}) {
            browser.prefer(scheme);
            for (int width : new int[] {390, 1100}) {
                browser.resize(width, 800);
                assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                        .as(name + " at " + width)
                        .isLessThanOrEqualTo(width);
                if (!axe.isEmpty()) {
                    assertThat(findings(axe)).as(name + ", " + scheme + ", " + width).isEmpty();
                }
                if (!screenshots.isEmpty() && scheme.equals(width < 600 ? "dark" : "light")) {
                    String device = width < 600 ? "phone" : "desktop";
                    Files.write(
                            Path.of(screenshots, "operator-" + name + "-" + device + ".png"),
                            browser.screenshot());
                }
            }
        }
    }

    private JsonNode findings(String axe) throws IOException {
        browser.evaluate("if (!window.axe) {" + Files.readString(Path.of(axe)) + "} true");
        return MAPPER.readTree(
                browser.evaluate(
                                """
                                axe.run().then(found => JSON.stringify(found.violations
                                  .filter(each => ['serious', 'critical'].includes(each.impact))
                                  .map(each => each.id + ': ' + each.nodes.map(node => node.html))))""")
                        .textValue());
    }
}
