package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where repositories are. */
class RepositoryLocationsTest {

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com/{repository}.git, acme/mobile, https://git.example.com/acme/mobile.git",
        "https://git.example.com/{repository}.git, ACME/Mobile, https://git.example.com/acme/mobile.git",
        "https://git.example.com/{repository}.git, acme/.github, https://git.example.com/acme/.github.git",
        "https://git.example.com/{repository}.git, acme/a b, none",
        "https://git.example.com/{repository}.git, acme/a?x=1#y, https://git.example.com/acme/a%3Fx%3D1%23y.git",
        "https://git.example.com/{repository}.git, acme/%2e%2e, https://git.example.com/acme/%252e%252e.git",
        "https://git.example.com/{repository}.git, acme/ü, https://git.example.com/acme/%C3%BC.git",
        "https://git.example.com/{repository}.git, acme/.., none",
        "https://git.example.com/{repository}.git, ../x, none",
        "https://git.example.com/{repository}.git, /etc, none",
        "https://git.example.com/{repository}.git, x@evil.example/y, none",
        "https://git.example.com/{repository}.git, acme/.git, none",
        "https://git.example.com/{repository}.git, *, https://git.example.com/%2A.git",
        "https://git@git.example.com:8443/{repository}, acme/mobile, https://git@git.example.com:8443/acme/mobile",
        "ssh://git@git.example.com/{repository}.git, acme/mobile, ssh://git@git.example.com/acme/mobile.git",
        "git@git.example.com:{repository}.git, acme/mobile, git@git.example.com:acme/mobile.git",
        "git@git.example.com:{repository}.git, -oProxyCommand=x/y, none",
        "git@git.example.com:{repository}.git, acme/$(id), none",
        "/srv/repositories/{repository}, acme/mobile, /srv/repositories/acme/mobile",
        "/srv/repositories/{repository}, acme/../../etc, none",
        "/srv/repositories/{repository}, acme/;id, none",
        "file:///srv/my%20repositories/{repository}.git, acme/mobile, /srv/my repositories/acme/mobile.git",
        "file:/srv/{repository}, -x/y, /srv/-x/y",
    })
    void templateIsFilled(String template, String repository, String expected) {
        RepositoryLocations locations = RepositoryLocations.ofTemplate(template);

        if (expected.equals("none")) {
            assertThatExceptionOfType(WorkspaceException.class)
                    .isThrownBy(() -> locations.resolve(repository))
                    .satisfies(
                            failure ->
                                    assertThat(failure.reason())
                                            .isEqualTo(Reason.REPOSITORY_UNKNOWN));
        } else {
            assertThat(locations.resolve(repository).url()).isEqualTo(expected);
        }
    }

    @Test
    void explicitEntriesComeBeforeTheTemplate() {
        RepositoryLocations locations =
                RepositoryLocations.of(
                        Map.of(
                                "Acme/Mobile", "https://other.example/mobile",
                                "*", "https://git.example.com/{repository}"));

        assertThat(locations.resolve("acme/mobile").url())
                .isEqualTo("https://other.example/mobile");
        assertThat(locations.resolve("acme/web").url())
                .isEqualTo("https://git.example.com/acme/web");
    }

    @Test
    void withoutTemplateOnlyEntriesAreKnown() {
        RepositoryLocations locations =
                RepositoryLocations.of(Map.of("acme/mobile", "/srv/mobile.git"));

        assertThatExceptionOfType(WorkspaceException.class)
                .isThrownBy(() -> locations.resolve("acme/web"))
                .withMessage("No repository named \"acme/web\" is configured.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.com/",
                "https://{repository}.example.com/x",
                "https://{repository}/x",
                "https://user:planted-password@git.example.com/{repository}",
                "https://git.example.com/{repository}?token=planted-password",
                "https://git.example.com/{repository}#x",
                "https://git.example.com/{repository}/{repository}",
                "ext::sh -c {repository}",
                "fd::3/{repository}",
                "--upload-pack={repository}",
                "-oProxyCommand=x:{repository}",
                "relative/{repository}",
                "ftp://git.example.com/{repository}",
                "file://server/{repository}",
                "ssh://-oProxyCommand=x/{repository}",
                "https://git.example.com/\n{repository}"
            })
    void invalidTemplatesAreRejectedWithoutShowingThem(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepositoryLocations.ofTemplate(template))
                .withMessageNotContaining("planted");
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example.com/{repository}, true",
        "http://git.example.com/{repository}, false",
        "http://localhost/{repository}, true",
        "http://127.0.0.1:8080/{repository}, true",
        "http://127.0.0.1.evil.example/{repository}, false",
        "ssh://git.example.com/{repository}, false",
        "/srv/{repository}, false",
    })
    void passwordsAreSentOnlyEncryptedOrWithinTheMachine(String template, boolean expected) {
        assertThat(RepositoryLocations.ofTemplate(template).resolve("a/b").acceptsPassword())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "../library.git, https://git.example.com/acme/library.git",
        "./nested, https://git.example.com/acme/mobile.git/nested",
        "../../other/x.git, https://git.example.com/other/x.git",
        "../../../x.git, none",
        "https://git.example.com/a/b, https://git.example.com/a/b",
        "https://git.example.com.evil.example/a, none",
        "https://git.example.com/../a, none",
        "https://user@git.example.com/a, none",
        "http://git.example.com/a, none",
        "file:///etc, none",
        "/etc, none",
        "-u./x, none",
        "ext::sh, none",
        "https://git.example.com/a::b, none",
        "git@git.example.com:a, none",
    })
    void submodulesMustBeOnTheSameServer(String url, String expected) {
        RepositoryLocation parent =
                RepositoryLocations.ofTemplate("https://git.example.com/{repository}.git")
                        .resolve("acme/mobile");

        assertThat(SubmoduleUrls.resolve(parent, url).map(RepositoryLocation::url).orElse("none"))
                .isEqualTo(expected);
    }
}
