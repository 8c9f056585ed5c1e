package dev.errand.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ContainerElementTypeDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * The members of one request, in declared order: what its record declares, compiled once (contract
 * C3).
 *
 * <p>A request is a record whose components carry the constraints. Its constructor calls {@link
 * #check}, so every request that exists is valid, whether JSON or Java made it, and none is checked
 * twice. Immutable, thread-safe.
 *
 * @param <R> the request
 */
public final class Members<R extends Record> {

    /** Reads declarations only; no request is ever passed to it. */
    private static final Validator DECLARATIONS =
            Validation.byDefaultProvider()
                    .configure()
                    .messageInterpolator(new ParameterMessageInterpolator())
                    .addValueExtractor(new PatchValueExtractor())
                    .buildValidatorFactory()
                    .getValidator();

    private final Member[] members;
    private final Map<String, Member> byName = new HashMap<>();
    private final MethodHandle constructor;

    private Members(Class<R> type, MethodHandles.Lookup lookup) {
        RecordComponent[] components = type.getRecordComponents();
        BeanDescriptor declared = DECLARATIONS.getConstraintsForClass(type);
        this.members = new Member[components.length];
        for (int i = 0; i < components.length; i++) {
            members[i] = member(i, components[i], declared);
            byName.put(members[i].name, members[i]);
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
            this.constructor =
                    lookup.findConstructor(type, MethodType.methodType(void.class, types))
                            .asSpreader(Object[].class, components.length)
                            .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException notOurs) {
            throw new IllegalArgumentException("no access to the constructor of " + type, notOurs);
        }
    }

    /**
     * Compiles what a record declares.
     *
     * @param lookup the record's own, {@code MethodHandles.lookup()}
     */
    public static <R extends Record> Members<R> of(Class<R> type, MethodHandles.Lookup lookup) {
        return new Members<>(type, lookup);
    }

    /** The members' wire names, in declared order. */
    public List<String> names() {
        return Arrays.stream(members).map(member -> member.name).toList();
    }

    /**
     * Checks the values of all members, given in declared order.
     *
     * @throws InvalidRequestException if any is not valid, with all that are not
     * @throws NullPointerException if a value is null
     */
    public void check(Object... values) {
        Problems problems = null;
        for (int i = 0; i < members.length; i++) {
            problems = members[i].check(values[i], problems);
        }
        if (problems != null) {
            throw new InvalidRequestException(problems.found());
        }
    }

    /**
     * Reads a request from the parser's current token; the parser ends on the object's end.
     *
     * @throws InvalidRequestException if the value is no object, or a member is not valid
     * @throws IOException if the text is not JSON
     */
    R read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.INVALID_INPUT,
                            "Invalid data. Expected a dictionary, but got "
                                    + Tokens.typeName(parser.currentToken())
                                    + "."));
        }
        Object[] values = new Object[members.length];
        Problems[] problems = null;
        Problems found = new Problems();
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken token = parser.nextToken();
            Member member = byName.get(name);
            if (member == null) {
                parser.skipChildren();
                continue;
            }
            if (problems != null) {
                problems[member.index] = null; // Of two members with one name the last counts.
            }
            values[member.index] = member.read(parser, token, found);
            if (!found.isEmpty()) {
                problems = problems == null ? new Problems[members.length] : problems;
                problems[member.index] = found;
                found = new Problems();
            }
        }
        for (Member member : members) {
            boolean faulty = problems != null && problems[member.index] != null;
            if (values[member.index] == null && !faulty) {
                values[member.index] = member.whenAbsent;
                if (member.whenAbsent == null) {
                    problems = problems == null ? new Problems[members.length] : problems;
                    problems[member.index] = new Problems();
                    problems[member.index].add(ErrorCode.REQUIRED, member.name);
                }
            }
        }
        if (problems != null && Arrays.stream(problems).anyMatch(Objects::nonNull)) {
            throw refused(values, problems);
        }
        return construct(values);
    }

    private InvalidRequestException refused(Object[] values, Problems[] problems) {
        List<Violation> all = new ArrayList<>();
        for (Member member : members) {
            Problems faulty = problems[member.index];
            Problems found = faulty == null ? member.check(values[member.index], null) : faulty;
            if (found != null) {
                all.addAll(found.found());
            }
        }
        return new InvalidRequestException(all);
    }

    @SuppressWarnings("unchecked") // The handle is this record's constructor.
    private R construct(Object[] values) {
        try {
            Object made = constructor.invokeExact(values);
            return (R) made;
        } catch (RuntimeException | Error refusal) {
            throw refusal;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Member member(int index, RecordComponent component, BeanDescriptor declared) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        String name =
                property != null && !property.value().isEmpty()
                        ? property.value()
                        : snakeCase(component.getName());
        String fallback = property == null ? "" : property.defaultValue();
        Declared own = Declared.of(declared.getConstraintsForProperty(component.getName()));
        Type type = component.getGenericType();
        Class<?> raw = component.getType();
        boolean isJsonObject = component.isAnnotationPresent(JsonObjectValue.class);
        if (raw == Optional.class || raw == Patch.class) {
            Container container = raw == Optional.class ? Container.OPTIONAL : Container.PATCH;
            Type element = ((ParameterizedType) type).getActualTypeArguments()[0];
            boolean takesNull =
                    container == Container.PATCH
                            || component.isAnnotationPresent(NullAllowed.class);
            Declared inside = own.items().on(element, isJsonObject);
            ValueType valueType = valueType(element, isJsonObject, inside.items());
            return new Member(
                    index, name, valueType, container, inside, container.absent, takesNull);
        }
        Declared all = own.on(type, isJsonObject);
        ValueType valueType = valueType(type, isJsonObject, all.items());
        Object whenAbsent = fallback.isEmpty() ? null : defaultValue(raw, fallback);
        return new Member(index, name, valueType, Container.NONE, all, whenAbsent, false);
    }

    private static ValueType valueType(Type type, boolean isJsonObject, Declared items) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            ValueType item =
                    valueType(list.getActualTypeArguments()[0], isJsonObject, Declared.NONE);
            return ValueType.list(item, items.checks);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return ValueType.TEXT;
        }
        if (raw == Boolean.class || raw == boolean.class) {
            return ValueType.BOOLEAN;
        }
        if (raw == Long.class || raw == long.class) {
            return ValueType.INTEGER;
        }
        if (raw == UUID.class) {
            return ValueType.UUID_TEXT;
        }
        if (raw == JsonText.class) {
            return isJsonObject ? ValueType.JSON_OBJECT : ValueType.JSON;
        }
        if (raw.isEnum() && WireValue.class.isAssignableFrom(raw)) {
            return ValueType.choice(WireValue.index((WireValue[]) raw.getEnumConstants()));
        }
        if (raw.isRecord()) {
            return nested(RequestReader.of(raw.asSubclass(Record.class)));
        }
        throw new IllegalStateException("the wire has no form for " + type);
    }

    private static ValueType nested(RequestReader<?> reader) {
        return (parser, attr, problems) -> {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                String type = Tokens.typeName(parser.currentToken());
                parser.skipChildren();
                problems.add(
                        ErrorCode.INVALID_INPUT,
                        attr,
                        "Invalid data. Expected a dictionary, but got " + type + ".");
                return null;
            }
            try {
                return reader.read(parser);
            } catch (InvalidRequestException refused) {
                refused.violations().forEach(violation -> problems.add(violation.under(attr)));
                return null;
            }
        };
    }

    private static Object defaultValue(Class<?> type, String text) {
        if (type == List.class) {
            return List.of();
        }
        if (type == String.class) {
            return text.equals("\"\"") ? "" : text;
        }
        if (type == boolean.class) {
            return Boolean.valueOf(text);
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((WireValue) constant).wire().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(text + " is no default of " + type));
    }

    private static String snakeCase(String name) {
        StringBuilder out = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (Character.isUpperCase(c)) {
                out.append('_');
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }

    /** What a component's values are wrapped in. */
    private enum Container {
        NONE(null),
        OPTIONAL(Optional.empty()),
        PATCH(Patch.absent());

        private final Object absent;

        Container(Object absent) {
            this.absent = absent;
        }

        Object wrap(Object value) {
            return switch (this) {
                case NONE -> value;
                case OPTIONAL -> Optional.of(value);
                case PATCH -> Patch.set(value);
            };
        }

        Object ofNull() {
            return switch (this) {
                case NONE ->
                        throw new IllegalStateException("no member without a container takes null");
                case OPTIONAL -> Optional.empty();
                case PATCH -> Patch.clear();
            };
        }

        Object unwrap(Object container) {
            return switch (this) {
                case NONE -> container;
                case OPTIONAL -> ((Optional<?>) container).orElse(null);
                case PATCH -> ((Patch<?>) container).value().orElse(null);
            };
        }
    }

    /** The checks of a component, and of what it contains. */
    private record Declared(List<Check> checks, Declared items) {

        private static final Declared NONE = new Declared(List.of(), null);

        @Override
        public Declared items() {
            return items == null ? NONE : items;
        }

        static Declared of(PropertyDescriptor property) {
            return property == null
                    ? new Declared(List.of(), NONE)
                    : of(
                            property.getConstraintDescriptors(),
                            property.getConstrainedContainerElementTypes());
        }

        private static Declared of(
                Set<ConstraintDescriptor<?>> constraints,
                Collection<ContainerElementTypeDescriptor> elements) {
            List<Check> checks =
                    constraints.stream()
                            .sorted(Comparator.comparing(Members::rank))
                            .map(Check::of)
                            .flatMap(Optional::stream)
                            .toList();
            Declared items =
                    elements.stream()
                            .findFirst()
                            .map(
                                    element ->
                                            of(
                                                    element.getConstraintDescriptors(),
                                                    element.getConstrainedContainerElementTypes()))
                            .orElse(NONE);
            return new Declared(checks, items);
        }

        /** These, and before them what every value of the type has to keep. */
        Declared on(Type type, boolean isJsonObject) {
            if (type instanceof ParameterizedType list) {
                return new Declared(
                        checks, items().on(list.getActualTypeArguments()[0], isJsonObject));
            }
            List<Check> all = new ArrayList<>();
            if (type == String.class) {
                all.add(Check.CHARACTERS);
            }
            if (type == JsonText.class) {
                all.add(Check.NOT_NULL);
            }
            if (isJsonObject) {
                all.add(Check.AN_OBJECT);
            }
            all.addAll(checks);
            return new Declared(all, items());
        }
    }

    /** Blank before length, length before form: the order in which the wire looks. */
    private static int rank(ConstraintDescriptor<?> constraint) {
        String name = constraint.getAnnotation().annotationType().getSimpleName();
        int known = List.of("NotNull", "NotEmpty", "NotBlank", "Min", "Max", "Size").indexOf(name);
        return known < 0 ? Integer.MAX_VALUE : known;
    }

    /** One member. */
    private static final class Member {
        private final int index;
        private final String name;
        private final ValueType type;
        private final Container container;
        private final Check[] checks;
        private final List<Check> itemChecks;
        private final Object whenAbsent;
        private final boolean takesNull;

        private Member(
                int index,
                String name,
                ValueType type,
                Container container,
                Declared declared,
                Object whenAbsent,
                boolean takesNull) {
            this.index = index;
            this.name = name;
            this.type = type;
            this.container = container;
            this.checks = declared.checks.toArray(Check[]::new);
            this.itemChecks = declared.items().checks;
            this.whenAbsent = whenAbsent;
            this.takesNull = takesNull;
        }

        private Object read(JsonParser parser, JsonToken token, Problems problems)
                throws IOException {
            if (token != JsonToken.VALUE_NULL) {
                Object value = type.read(parser, name, problems);
                return value == null ? null : container.wrap(value);
            }
            if (!takesNull) {
                problems.add(ErrorCode.NULL, name);
                return null;
            }
            return container.ofNull();
        }

        private Problems check(Object given, Problems problems) {
            if (given == null) {
                throw new NullPointerException(name);
            }
            Object value = container.unwrap(given);
            if (value == null) {
                return problems;
            }
            for (Check check : checks) {
                Optional<Violation> violation = check.violation(value, name);
                if (violation.isPresent()) {
                    Problems all = problems == null ? new Problems() : problems;
                    all.add(violation.get());
                    return all;
                }
            }
            return itemChecks.isEmpty() ? problems : checkItems((List<?>) value, problems);
        }

        private Problems checkItems(List<?> items, Problems problems) {
            Problems all = problems == null ? new Problems() : problems;
            for (int i = 0; i < items.size(); i++) {
                Check.all(itemChecks, items.get(i), name + "__" + i, all);
            }
            return all.isEmpty() ? null : all;
        }
    }
}
