import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/**
 * The peer: Lucene 8 with its own facets over the same corpus and the same queries. "build" indexes CORPUS into INDEX and prints
 * "built datasets|files SECONDS"; "bench KIND,KIND" prints "lucene KIND P50_MICROSECONDS P99_MICROSECONDS HITS" for each kind.
 */
public final class LuceneSearch {
    private static final String FACETS = "$facets";
    private static final List<String> OF_DATASETS = List.of("organism", "method", "year", "license", "type", "author");
    private static final List<String> OF_ONE = List.of("Channel", "Gene Symbol", "Compound", "Concentration", "Cell Line", "Phenotype", "Plate", "Replicate");
    private static final List<String> OF_ALL = List.of("Format", "Organism", "Imaging Method", "Channel", "Cell Line", "Dataset");
    private static final int DATASETS_A_PAGE = 20, FILES_A_PAGE = 50, DEEP = 400_000, ROUNDS = 20;
    private static final double SECONDS = 2;

    private final Path corpus = Path.of(System.getenv("CORPUS"));
    private final Path index = Path.of(System.getenv("INDEX"));
    private final FacetsConfig config = new FacetsConfig();
    private IndexSearcher datasets, files;
    private SortedSetDocValuesReaderState datasetFacets, fileFacets;

    private LuceneSearch() {
        config.setMultiValued("author", true);
    }

    public static void main(String[] arguments) throws Exception {
        LuceneSearch peer = new LuceneSearch();
        if (arguments[0].equals("build")) peer.build();
        else peer.bench(new HashSet<>(Arrays.asList(arguments[1].split(","))));
    }

    private void build() throws Exception {
        long start = System.nanoTime();
        try (IndexWriter writer = writer("datasets"); BufferedReader lines = Files.newBufferedReader(corpus.resolve("datasets.tsv"))) {
            for (String line; (line = lines.readLine()) != null;) writer.addDocument(config.build(dataset(line.split("\t"))));
            writer.forceMerge(1);
        }
        System.out.printf(Locale.ROOT, "built datasets %.1f%n", seconds(start));
        start = System.nanoTime();
        try (IndexWriter writer = writer("files"); BufferedReader lines = Files.newBufferedReader(corpus.resolve("files.tsv"))) {
            for (String line; (line = lines.readLine()) != null;) writer.addDocument(config.build(file(line)));
            writer.forceMerge(1);
        }
        System.out.printf(Locale.ROOT, "built files %.1f%n", seconds(start));
    }

    private IndexWriter writer(String name) throws IOException {
        IndexWriterConfig settings = new IndexWriterConfig(new Words()).setRAMBufferSizeMB(512).setUseCompoundFile(false);
        // Files stay in the order of the corpus, as a page of them is in path order.
        settings.setOpenMode(IndexWriterConfig.OpenMode.CREATE).setMergePolicy(new LogDocMergePolicy());
        return new IndexWriter(FSDirectory.open(index.resolve(name)), settings);
    }

    private static Document dataset(String[] row) {
        Document document = new Document();
        document.add(new StoredField("accession", row[0]));
        document.add(new StoredField("title", row[1]));
        document.add(new TextField("text", row[1] + " " + row[2], Field.Store.NO));
        for (String author : new HashSet<>(Arrays.asList(row[3].split(";")))) document.add(new SortedSetDocValuesFacetField("author", author));
        document.add(new SortedSetDocValuesFacetField("organism", row[4]));
        document.add(new SortedSetDocValuesFacetField("method", row[5]));
        document.add(new SortedSetDocValuesFacetField("year", row[6].substring(0, 4)));
        document.add(new SortedSetDocValuesFacetField("license", row[7]));
        document.add(new SortedSetDocValuesFacetField("type", row[8]));
        return document;
    }

    private static Document file(String line) {
        FieldType words = new FieldType(TextField.TYPE_NOT_STORED);
        words.setOmitNorms(true);
        words.setIndexOptions(IndexOptions.DOCS);
        String[] row = line.split("\t");
        StringBuilder text = new StringBuilder(row[1]).append(' ').append(row[3]);
        Document document = new Document();
        document.add(new StringField("dataset", row[0], Field.Store.NO));
        document.add(new SortedSetDocValuesFacetField("Dataset", row[0]));
        document.add(new SortedSetDocValuesFacetField("Format", row[3]));
        document.add(new StoredField("row", line));
        for (int i = 4; i < row.length; i++) {
            int equals = row[i].indexOf('=');
            String value = row[i].substring(equals + 1);
            text.append(' ').append(value);
            document.add(new SortedSetDocValuesFacetField(row[i].substring(0, equals), value));
        }
        document.add(new Field("words", text.toString(), words));
        return document;
    }

    private void bench(HashSet<String> kinds) throws Exception {
        IndexReader ofDatasets = DirectoryReader.open(new MMapDirectory(index.resolve("datasets")));
        IndexReader ofFiles = DirectoryReader.open(new MMapDirectory(index.resolve("files")));
        datasets = new IndexSearcher(ofDatasets);
        files = new IndexSearcher(ofFiles);
        // Answers are to be searched for, not remembered.
        datasets.setQueryCache(null);
        files.setQueryCache(null);
        datasetFacets = new DefaultSortedSetDocValuesReaderState(ofDatasets);
        fileFacets = new DefaultSortedSetDocValuesReaderState(ofFiles);
        Map<String, List<String[]>> queries = new LinkedHashMap<>();
        for (String line : Files.readAllLines(corpus.resolve("queries.tsv"))) {
            String[] query = line.split("\t");
            if (kinds.contains(query[0])) queries.computeIfAbsent(query[0], kind -> new ArrayList<>()).add(query);
        }
        for (Map.Entry<String, List<String[]>> kind : queries.entrySet()) measure(kind.getKey(), kind.getValue());
    }

    private void measure(String kind, List<String[]> queries) throws Exception {
        long hits = 0, warm = System.nanoTime();
        for (String[] query : queries) hits += run(kind, query);
        while (seconds(warm) < SECONDS) for (String[] query : queries) run(kind, query);
        List<Double> took = new ArrayList<>();
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS && (round == 0 || seconds(start) < SECONDS); round++)
            for (String[] query : queries) {
                long before = System.nanoTime();
                run(kind, query);
                took.add((System.nanoTime() - before) / 1e3);
            }
        Collections.sort(took);
        double p99 = took.get(Math.min(took.size() - 1, (int) (took.size() * 0.99)));
        System.out.printf(Locale.ROOT, "lucene %s %.1f %.1f %d%n", kind, took.get(took.size() / 2), p99, hits);
    }

    private long run(String kind, String[] query) throws Exception {
        switch (kind) {
            case "page": return page(query);
            case "export": return export(query);
            case "f1": case "f2": case "f3": case "fch": return find(files, fileFacets, inDataset(query), FILES_A_PAGE, Sort.INDEXORDER, OF_ONE);
            case "k1": case "k2": case "kpath": case "kbig": return find(files, fileFacets, words("words", query, Occur.FILTER), FILES_A_PAGE, Sort.INDEXORDER, OF_ALL);
            case "d1": case "dand": return find(datasets, datasetFacets, words("text", query, Occur.MUST), DATASETS_A_PAGE, null, OF_DATASETS);
            case "dor": return find(datasets, datasetFacets, words("text", query, Occur.SHOULD), DATASETS_A_PAGE, null, OF_DATASETS);
            case "dprefix": return find(datasets, datasetFacets, new PrefixQuery(new Term("text", query[1])), DATASETS_A_PAGE, null, OF_DATASETS);
            case "dphrase": return find(datasets, datasetFacets, new PhraseQuery("text", query[1].split(" ")), DATASETS_A_PAGE, null, OF_DATASETS);
            default: throw new IllegalArgumentException(kind);
        }
    }

    private static long find(IndexSearcher searcher, SortedSetDocValuesReaderState state, Query query, int size, Sort sort, List<String> facets) throws IOException {
        FacetsCollector collector = new FacetsCollector();
        TopDocs page = sort == null ? FacetsCollector.search(searcher, query, size, collector) : FacetsCollector.search(searcher, query, size, sort, collector);
        for (ScoreDoc hit : page.scoreDocs) searcher.doc(hit.doc);
        SortedSetDocValuesFacetCounts counts = new SortedSetDocValuesFacetCounts(state, collector);
        for (String facet : facets) {
            FacetResult result = counts.getTopChildren(10, facet);
            if (result != null) for (LabelAndValue value : result.labelValues) value.value.longValue();
        }
        return page.totalHits.value;
    }

    private long page(String[] query) throws IOException {
        TopDocs page = files.search(inDataset(query), DEEP + FILES_A_PAGE, Sort.INDEXORDER);
        for (int i = DEEP; i < page.scoreDocs.length; i++) files.doc(page.scoreDocs[i].doc).get("row");
        return page.totalHits.value;
    }

    private long export(String[] query) throws IOException {
        long[] rows = new long[1];
        files.search(inDataset(query), new SimpleCollector() {
            private LeafReader leaf;

            @Override
            protected void doSetNextReader(LeafReaderContext context) {
                leaf = context.reader();
            }

            @Override
            public void collect(int document) throws IOException {
                if (leaf.document(document).get("row") != null) rows[0]++;
            }

            @Override
            public ScoreMode scoreMode() {
                return ScoreMode.COMPLETE_NO_SCORES;
            }
        });
        return rows[0];
    }

    private static Query inDataset(String[] query) {
        BooleanQuery.Builder all = new BooleanQuery.Builder().add(new TermQuery(new Term("dataset", query[1])), Occur.FILTER);
        for (int i = 2; i < query.length; i++) {
            int equals = query[i].indexOf('=');
            String path = FacetsConfig.pathToString(query[i].substring(0, equals), new String[] { query[i].substring(equals + 1) });
            all.add(new TermQuery(new Term(FACETS, path)), Occur.FILTER);
        }
        return all.build();
    }

    private static Query words(String field, String[] query, Occur occur) {
        if (query.length == 2 && occur != Occur.FILTER) return new TermQuery(new Term(field, query[1]));
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (int i = 1; i < query.length; i++) all.add(new TermQuery(new Term(field, query[i])), occur);
        return all.build();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static final class Words extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer letters = new CharTokenizer() {
                @Override
                protected boolean isTokenChar(int c) {
                    return c < 128 && Character.isLetterOrDigit(c);
                }
            };
            return new TokenStreamComponents(letters, new LowerCaseFilter(letters));
        }
    }
}
