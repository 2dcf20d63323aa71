package io.github.stanchion.spring.key;

import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * The names that an expression uses, read off its syntax tree.
 *
 * @param variables without {@code #}; without {@code root} and {@code this}
 * @param beans without {@code @} or {@code &}
 * @param functions called as {@code #name(...)}
 * @param bare names that stand alone: most likely a variable whose {@code #} was forgotten
 * @param root whether the call itself is read
 */
record SpelNames(Set<String> variables, Set<String> beans, Set<String> functions, Set<String> bare, boolean root) {

    static SpelNames of(SpelNode tree) {
        Walk walk = new Walk();
        walk.visit(tree, true);
        return new SpelNames(walk.variables, walk.beans, walk.functions, walk.bare, walk.root);
    }

    private static final class Walk {

        private final Set<String> variables = new LinkedHashSet<>();
        private final Set<String> beans = new LinkedHashSet<>();
        private final Set<String> functions = new LinkedHashSet<>();
        private final Set<String> bare = new LinkedHashSet<>();
        private boolean root;

        /** @param head whether a plain name at this place would be looked up on the root object */
        void visit(SpelNode node, boolean head) {
            if (node instanceof VariableReference) {
                variable(node.toStringAST().substring(1));
            } else if (node instanceof BeanReference) {
                beans.add(node.toStringAST().substring(1).replace("'", ""));
            } else if (node instanceof FunctionReference) {
                String text = node.toStringAST();
                functions.add(text.substring(1, text.indexOf('(')));
            } else if (head && (node instanceof PropertyOrFieldReference || node instanceof MethodReference)) {
                bare.add(node.toStringAST());
            }
            for (int i = 0; i < node.getChildCount(); i++) {
                visit(node.getChild(i), headOf(node, i, head));
            }
        }

        /** Names in {@code list.![name]} belong to the elements, those in {@code map[name]} and {@code {name: 1}} are text. */
        private static boolean headOf(SpelNode parent, int index, boolean head) {
            if (parent instanceof Projection || parent instanceof Selection || parent instanceof Indexer) {
                return false;
            }
            if (parent instanceof InlineMap) {
                return false;
            }
            return parent instanceof CompoundExpression
                    ? head && index == 0
                    : parent instanceof MethodReference || head;
        }

        private void variable(String name) {
            if (name.equals("root") || name.equals("this")) {
                root = true;
            } else {
                variables.add(name);
            }
        }
    }
}
