/* Import a file with Gephi's own importers and print what arrived, and every issue, as JSON.
 *     java -cp gephi-toolkit.jar GephiImport.java FILE
 */

import java.io.File;
import java.util.Locale;
import org.gephi.io.importer.api.ColumnDraft;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ContainerUnloader;
import org.gephi.io.importer.api.EdgeDraft;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.importer.api.NodeDraft;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

public class GephiImport {
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        Lookup.getDefault().lookup(ProjectController.class).newProject();
        ImportController importer = Lookup.getDefault().lookup(ImportController.class);
        Container container = importer.importFile(new File(arguments[0]));
        ContainerUnloader graph = container.getUnloader();
        StringBuilder out = new StringBuilder("{\"nodes\": {");
        String comma = "";
        for (NodeDraft node : graph.getNodes()) {
            out.append(comma).append(text(node.getId())).append(": ").append(text(node.getLabel()));
            comma = ", ";
        }
        out.append("}, \"edges\": {");
        comma = "";
        for (EdgeDraft edge : graph.getEdges()) {
            out.append(comma).append(text(edge.getId())).append(": ").append(edge.getWeight());
            comma = ", ";
        }
        out.append("}, \"node_columns\": [");
        comma = "";
        for (ColumnDraft column : graph.getNodeColumns()) {
            out.append(comma).append(text(column.getTitle()));
            comma = ", ";
        }
        out.append("], \"edge_columns\": [");
        comma = "";
        for (ColumnDraft column : graph.getEdgeColumns()) {
            out.append(comma).append(text(column.getTitle()));
            comma = ", ";
        }
        out.append("], \"issues\": [");
        comma = "";
        java.util.Iterator<Issue> issues = container.getReport().getIssues(1000);
        while (issues.hasNext()) {
            Issue issue = issues.next();
            if (issue.getLevel() != Issue.Level.INFO) {
                out.append(comma).append(text(issue.getLevel() + ": " + issue.getMessage()));
                comma = ", ";
            }
        }
        System.out.println(out.append("]}"));
        System.exit(0);
    }

    private static String text(String value) {
        if (value == null) {
            return "null";
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\' || c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
