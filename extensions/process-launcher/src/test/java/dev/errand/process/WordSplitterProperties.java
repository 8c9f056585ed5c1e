package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is quoted and split is what it was. */
class WordSplitterProperties {

    @Property
    void singleQuotedWordsAreWhatTheyWere(@ForAll List<String> words) {
        String line =
                words.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));

        assertThat(WordSplitter.split(line)).isEqualTo(words);
    }

    @Property
    void doubleQuotedWordsAreWhatTheyWere(@ForAll List<String> words) {
        String line =
                words.stream()
                        .map(word -> "\"" + word.replaceAll("([$`\"\\\\])", "\\\\$1") + "\"")
                        .collect(Collectors.joining("\t"));

        assertThat(WordSplitter.split(line)).isEqualTo(words);
    }

    @Property
    void anyLineIsSplitOrRefused(@ForAll String line) {
        try {
            assertThat(WordSplitter.split(line)).doesNotContainNull();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).containsAnyOf("never closed", "backslash");
        }
    }
}
