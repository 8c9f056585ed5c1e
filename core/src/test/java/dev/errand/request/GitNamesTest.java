package dev.errand.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "release/2.1",
                "fix/cart-crash",
                "dependabot/npm_and_yarn/@types/node-1.0",
                "feature/#12_a+b",
                "a.lock/b",
                "user@host",
                "{a}",
                "$HOME;x|y&z",
                "ä/日本",
                "a-",
                "@"
            })
    void usualBranchesAreAccepted(String name) {
        assertThat(GitNames.isBranch(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-x",
                "--upload-pack=x",
                "a b",
                "a\nb",
                "a\tb",
                "a\u0085b",
                "a\u00a0b",
                "a\u2028b",
                "a\0b",
                "a\u007fb",
                "a..b",
                "..",
                "../a",
                "a~1",
                "a^",
                "a:b",
                "a?",
                "a*",
                "a[b",
                "a\\b",
                "a@{1}",
                "a/",
                "/a",
                "a.",
                "a.lock",
                "a\n"
            })
    void dangerousBranchesAreRejected(String name) {
        assertThat(GitNames.isBranch(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/..",
                "a/.",
                "../b",
                "./b",
                "git@host:a/b.git",
                "user@a/b",
                "c:/b",
                "a\\b/c",
                "a/b\n",
                "a/\nb",
                "a b/c",
                "a/b c",
                "a/b\u2028c",
                "a\u0000/b",
                "-x/b",
                "--upload-pack=x/b"
            })
    void dangerousRepositoriesAreRejected(String name) {
        assertThat(GitNames.isRepository(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/...", "a/.github", "a/b..c", "a/-", "a~b/c^d", "a/b.git", "ä/日", "$a/;b"})
    void unusualRepositoriesAreAccepted(String name) {
        assertThat(GitNames.isRepository(name)).isTrue();
    }
}
