package dev.errand.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scopes of API keys: the whole matrix (docs/wire/authentication.md#c1). */
class ScopeTest {

    @ParameterizedTest
    @CsvSource({
        "task:read,  task:read,  true",
        "task:read,  task:write, true",
        "task:read,  *,          true",
        "task:write, task:read,  false",
        "task:write, task:write, true",
        "task:write, *,          true",
        "*,          task:read,  false",
        "*,          task:write, false",
        "*,          *,          true"
    })
    void theWriteScopeIncludesTheReadScopeAndTheStarIncludesBoth(
            String needed, String held, boolean granted) {
        assertThat(of(needed).isGrantedBy(Set.of(of(held)))).isEqualTo(granted);
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void noScopeGrantsNothing(Scope needed) {
        assertThat(needed.isGrantedBy(EnumSet.noneOf(Scope.class))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void theWireValueIdentifiesAScope(Scope scope) {
        assertThat(Scope.fromWire(scope.wire())).hasValue(scope);
    }

    @Test
    void otherTextsAreNotScopes() {
        assertThat(Scope.fromWire("task:Read")).isEmpty();
    }

    private static Scope of(String wire) {
        return Scope.fromWire(wire).orElseThrow();
    }
}
