package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The list of tasks, its filters and its pages (docs/wire/conventions.md#d0,
 * docs/wire/tasks.md#d1).
 */
class TaskListTest {

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();
    private static String base;

    @BeforeAll
    static void fill() {
        base = host.url().resolve(Paths.TASKS).toString();
        create("{\"title\": \"A\", \"repository\": \"posthog/posthog\"}");
        create("{\"title\": \"B 100%\", \"repository\": \"posthog/posthog-js\"}");
        create("{\"title\": \"C\", \"internal\": true}");
        create("{\"title\": \"D é\", \"origin_product\": \"slack\", \"repository\": \"acme/web\"}");
        create(host.client(Tokens.TOM), "{\"title\": \"E\"}");
        String run = create("{\"title\": \"F\"}");
        Paths.queued(rosa, run, "{}");
        String staged = create("{\"title\": \"G\"}");
        String id = Paths.newRun(rosa, staged);
        rosa.patch(Paths.run(staged, id), "{\"stage\": \"build\"}").isJson(200);
    }

    @Test
    void listReturnsWholeTasksNewestFirst() {
        JsonNode page = rosa.get(Paths.TASKS).isJson(200).json();

        Shapes.isPage(page);
        page.get("results").forEach(Shapes::isTask);
        assertThat(page.get("count").asInt()).isEqualTo(6);
        assertThat(page.get("next").isNull()).isTrue();
        assertThat(page.get("previous").isNull()).isTrue();
        assertThat(titles(page)).containsExactly("G", "F", "E", "D é", "B 100%", "A");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "created_by=31                  | G,F,D é,B 100%,A",
                "created_by=32                  | E",
                "created_by=-1                  | ''",
                "created_by=99999999999999999999| ''",
                "created_by=                    | G,F,E,D é,B 100%,A",
                "internal=true                  | C",
                "internal=false                 | G,F,E,D é,B 100%,A",
                "organization=PostHog           | B 100%,A",
                "organization=%20acme+          | D é",
                "origin_product=slack           | D é",
                "origin_product=no-such         | ''",
                "repository=posthog             | A",
                "repository=posthog%2Fposthog   | A",
                "repository=POSTHOG/posthog-js  | B 100%",
                "repository=                    | G,F,E,D é,B 100%,A",
                "search=100%25                  | B 100%",
                "search=%25                     | B 100%",
                "search=_                       | ''",
                "search=%C3%89                  | D é",
                "search=TSK-1                   | B 100%",
                "search=99999999999999999999999 | ''",
                "search=+                       | G,F,E,D é,B 100%,A",
                "stage=build                    | G",
                "status=queued                  | F",
                "status=not_started             | G",
                "status=failed                  | ''",
                "status=queued&repository=none  | ''",
                "status=failed&status=queued    | F",
                "unknown=1&another=%20          | G,F,E,D é,B 100%,A",
                "organization=%25               | ''"
            })
    void listAppliesFilters(String query, String titles) {
        JsonNode page = rosa.get(Paths.TASKS + '?' + query).isJson(200).json();

        assertThat(String.join(",", titles(page))).isEqualTo(titles);
        assertThat(page.get("count").asInt()).isEqualTo(titles(page).size());
    }

    @Test
    void anInvalidFilterIsRejectedByName() {
        list("created_by=me")
                .isInvalid("invalid_input", "A valid integer is required.", "created_by");
        list("created_by=1.5")
                .isInvalid("invalid_input", "A valid integer is required.", "created_by");
        list("internal=yes").isInvalid("invalid_input", "Must be a valid boolean.", "internal");
        list("status=x").isInvalid("invalid_choice", "\"x\" is not a valid choice.", "status");
        list("status=%22%3C")
                .isInvalid("invalid_choice", "\"\"<\" is not a valid choice.", "status");
        list("search=a%00b")
                .isInvalid("invalid_input", "Null characters are not allowed.", "search");
        list("status=x&internal=x&created_by=x")
                .isInvalid("invalid_input", "A valid integer is required.", "created_by");
    }

    @ParameterizedTest
    @ValueSource(strings = {"search=%zz", "search=%", "search=%C3", "%ff=1", "a=%e2%28%a1"})
    void aMalformedQueryIsRejected(String query) {
        // The client library would correct or reject the query.
        Reply reply = RawHttp.get(host.url(), Paths.TASKS + '?' + query, Tokens.ROSA);

        reply.isInvalid("invalid_input", "The query string is not percent-encoded UTF-8.", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // query              | next                  | previous
                "limit=2              | limit=2&offset=2      | -",
                "limit=2&offset=2     | limit=2&offset=4      | limit=2",
                "limit=2&offset=3     | limit=2&offset=5      | limit=2&offset=1",
                "limit=2&offset=4     | -                     | limit=2&offset=2",
                "limit=4&offset=2     | -                     | limit=4",
                "limit=6              | -                     | -",
                "limit=5              | limit=5&offset=5      | -",
                "limit=5&offset=6     | -                     | limit=5&offset=1",
                "limit=2&offset=100   | -                     | limit=2&offset=98",
                "limit=0              | -                     | -",
                "limit=-3             | -                     | -",
                "limit=x&offset=y     | -                     | -",
                "limit=&offset=       | -                     | -",
                "limit=1&offset=-2    | limit=1&offset=1      | -",
                "limit=%2B1           | limit=1&offset=1      | -",
                "limit=1000&offset=1  | -                     | limit=500",
                "limit=99999999999999999999999 | -            | -",
                "offset=9223372036854775807    | -   | limit=100&offset=9223372036854775707",
                "offset=99999999999999999999   | -   | limit=100&offset=9223372036854775707"
            })
    void pageLinksFollowLimitAndOffset(String query, String next, String previous) {
        JsonNode page = rosa.get(Paths.TASKS + '?' + query).isJson(200).json();

        assertThat(page.get("count").asInt()).isEqualTo(6);
        assertThat(address(page.get("next"))).isEqualTo(next);
        assertThat(address(page.get("previous"))).isEqualTo(previous);
    }

    @Test
    void pageLinksKeepOtherParameters() {
        JsonNode page =
                rosa.get(Paths.TASKS + "?offset=2&a=1&search=&x=%26%3D+%C3%A9&limit=1&a=2&flag")
                        .isJson(200)
                        .json();

        assertThat(page.get("next").asText())
                .isEqualTo(base + "?a=1&search=&x=%26%3D+%C3%A9&a=2&flag=&limit=1&offset=3");
        assertThat(page.get("previous").asText())
                .isEqualTo(base + "?a=1&search=&x=%26%3D+%C3%A9&a=2&flag=&limit=1&offset=1");
    }

    @Test
    void followingNextReturnsEachTaskOnce() {
        List<String> titles = new ArrayList<>();
        String path = Paths.TASKS + "?limit=2&created_by=31";
        while (path != null) {
            JsonNode page = rosa.get(path).isJson(200).json();
            titles.addAll(titles(page));
            path = page.get("next").isNull() ? null : page.get("next").asText();
        }

        assertThat(titles).containsExactly("G", "F", "D é", "B 100%", "A");
    }

    @Test
    void pageLinksEndWithASlash() {
        JsonNode page = rosa.get("/api/projects/7/tasks?limit=1").isJson(200).json();

        assertThat(page.get("next").asText()).isEqualTo(base + "?limit=1&offset=1");
    }

    @Test
    void anotherProjectListsNothing() {
        JsonNode page =
                host.client(Tokens.ROSA_BOTH).get("/api/projects/8/tasks/").isJson(200).json();

        assertThat(page)
                .isEqualTo(
                        Reply.json("{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}"));
    }

    private static Reply list(String query) {
        return rosa.get(Paths.TASKS + '?' + query);
    }

    private static String create(String json) {
        return create(rosa, json);
    }

    /** Creates a task one second after the previous one, so that the list order is well-defined. */
    private static String create(Client client, String json) {
        host.clock().advance(Duration.ofSeconds(1));
        return Paths.newTask(client, json);
    }

    private static List<String> titles(JsonNode page) {
        List<String> titles = new ArrayList<>();
        page.get("results").forEach(task -> titles.add(task.get("title").asText()));
        return titles;
    }

    private static String address(JsonNode url) {
        if (url.isNull()) {
            return null;
        }
        assertThat(url.asText()).startsWith(base + '?');
        return url.asText().substring(base.length() + 1);
    }
}
