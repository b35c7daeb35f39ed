"""The better-known places of the world with the words for what and who is of them.

A line is a country, or a region of one, with its forms: "Norway Norwegian"; "<" stands before what it lies in, ":"
before its cities and landscapes, which are divided by commas. An underscore joins the words of a name. Regular
endings ("Norwegians", "Irishman", "Londoner") are no forms of their own: `peoples` takes them off.
"""

EUROPE = """
Netherlands Holland Dutch Dutchman Hollander Netherlander: Amsterdam, Rotterdam, The_Hague Hague, Utrecht, Leiden Leyden, Delft, Haarlem, Groningen, Eindhoven, Frisia Frisian Friesland
Norway Norwegian Norse: Oslo, Bergen, Trondheim, Stavanger, Tromso, Svalbard Spitsbergen
Denmark Danish Dane: Copenhagen, Aarhus, Odense, Aalborg, Jutland
Sweden Swedish Swede: Stockholm, Gothenburg, Malmo, Uppsala, Gotland
Finland Finnish Finn: Helsinki, Turku, Tampere, Lapland Lapp Sami
Iceland Icelandic Icelander: Reykjavik
Ireland Irish Eire: Dublin, Cork Corkonian, Galway Galwegian, Limerick, Waterford, Connacht, Munster, Leinster
United_Kingdom UK U.K. Britain Great_Britain British Briton Brit
England English Anglo < United_Kingdom: London, Birmingham, Manchester Mancunian, Liverpool Liverpudlian, Leeds, Sheffield, Bristol, Newcastle Geordie, Nottingham, Leicester, Plymouth, Southampton, Portsmouth, Norwich, Oxford Oxonian, Cambridge Cantabrigian, York, Exeter, Hull, Cornwall Cornish, Devon Devonshire, Yorkshire, Lancashire Lancastrian, Kent Kentish, Norfolk, Suffolk, Sussex, Essex, Somerset, Dorset, Hampshire, Northumberland Northumbrian Northumbria, Cumbria Cumbrian, Shropshire, Derbyshire, Lincolnshire, Cheshire, Canterbury, Durham, Brighton, Coventry, Thames
Scotland Scottish Scots Scot Scotch Caledonian < United_Kingdom: Edinburgh, Glasgow Glaswegian, Aberdeen Aberdonian, Dundee Dundonian, Inverness, Perth, Stirling, Orkney Orcadian, Shetland Shetlander, Hebrides Hebridean, Highlands Highland Highlander, Fife, Lothian, Galloway
Wales Welsh Cambrian < United_Kingdom: Cardiff, Swansea, Newport, Aberystwyth, Snowdonia
Northern_Ireland Ulster Ulsterman < United_Kingdom: Belfast, Derry Londonderry, Antrim
Isle_of_Man Manx Manxman
Channel_Islands Jersey Guernsey
France French Frenchman Gallic Franco: Paris Parisian, Lyon Lyons, Marseille Marseilles, Bordeaux, Toulouse, Strasbourg Strassburg, Lille, Nantes, Rouen, Dijon, Avignon, Brittany Breton, Normandy, Provence Provencal, Burgundy Burgundian, Alsace Alsatian, Savoy Savoyard, Corsica Corsican, Gascony Gascon, Lorraine, Champagne, Picardy, Auvergne, Calais, Seine
Germany German Teutonic: Berlin, Hamburg, Munich, Cologne, Frankfurt, Leipzig, Dresden, Stuttgart, Nuremberg, Bremen, Hanover Hanoverian, Dusseldorf, Heidelberg, Weimar, Augsburg, Mainz, Freiburg, Tubingen, Jena, Gottingen, Bavaria Bavarian, Saxony, Prussia Prussian, Hesse Hessian, Westphalia Westphalian, Swabia Swabian, Thuringia Thuringian, Rhineland, Pomerania Pomeranian, Holstein
Austria Austrian: Vienna Viennese, Salzburg, Graz, Linz, Innsbruck, Tyrol Tyrolean Tirol, Styria Styrian, Carinthia
Switzerland Swiss: Zurich, Geneva Genevan, Basel Basle, Bern Berne Bernese, Lausanne, Lucerne, Ticino, Valais
Belgium Belgian: Brussels, Antwerp, Ghent, Bruges, Liege, Leuven Louvain, Flanders Flemish Fleming, Wallonia Walloon, Ypres
Luxembourg Luxembourger
Liechtenstein Liechtensteiner
Monaco Monegasque
Italy Italian: Rome, Milan Milanese, Naples Neapolitan, Turin Turinese, Venice Venetian, Florence Florentine, Genoa Genoese, Bologna Bolognese, Pisa Pisan, Siena Sienese, Verona Veronese, Padua Paduan, Mantua Mantuan, Palermo, Trieste, Ravenna, Sicily Sicilian, Sardinia Sardinian, Tuscany Tuscan, Lombardy Lombard, Piedmont Piedmontese, Umbria Umbrian, Calabria Calabrian, Apulia Apulian Puglia, Liguria Ligurian
Vatican Holy_See
San_Marino Sammarinese
Malta Maltese: Valletta
Spain Spanish Spaniard: Madrid, Barcelona, Seville Sevillian, Valencia Valencian, Granada, Toledo, Cadiz, Cordoba, Bilbao, Salamanca, Zaragoza Saragossa, Catalonia Catalan, Castile Castilian, Andalusia Andalusian, Galicia Galician, Basque, Aragon Aragonese, Asturias Asturian, Majorca Majorcan Mallorca, Canary_Islands Canarian
Portugal Portuguese: Lisbon, Porto Oporto, Coimbra, Algarve, Madeira Madeiran, Azores Azorean
Andorra Andorran
Gibraltar Gibraltarian
Greece Greek Hellenic: Athens Athenian, Thessaloniki Salonica, Sparta Spartan, Corinth Corinthian, Crete Cretan, Corfu, Macedon, Thessaly, Peloponnese
Cyprus Cypriot: Nicosia, Limassol
Turkey Turkish Turk Ottoman < Europe Asia: Istanbul Constantinople, Ankara, Izmir Smyrna, Bursa, Anatolia Anatolian
Russia Russian Russo Soviet USSR < Europe Asia: Moscow Muscovite, Saint_Petersburg St_Petersburg Leningrad Petrograd, Kazan, Novosibirsk, Vladivostok, Yekaterinburg, Siberia Siberian, Kamchatka, Volga, Urals Ural
Ukraine Ukrainian: Kyiv Kiev, Odessa Odesa, Lviv Lvov Lemberg, Kharkiv Kharkov, Crimea Crimean
Belarus Belarusian Belorussian: Minsk
Poland Polish Pole: Warsaw, Krakow Cracow, Gdansk Danzig, Lodz, Poznan, Wroclaw Breslau, Lublin, Silesia Silesian, Mazovia
Czechia Czech Czech_Republic Czechoslovakia Czechoslovak: Prague, Brno Brunn, Ostrava, Plzen Pilsen, Olomouc, Bohemia Bohemian, Moravia Moravian
Slovakia Slovak Slovakian: Bratislava Pressburg, Kosice
Hungary Hungarian Magyar: Budapest, Debrecen, Szeged, Pecs
Romania Romanian Rumanian: Bucharest, Cluj, Iasi, Transylvania Transylvanian, Wallachia Wallachian
Moldova Moldovan Moldavia Moldavian: Chisinau
Bulgaria Bulgarian: Sofia, Plovdiv, Varna
Serbia Serbian Serb: Belgrade, Novi_Sad
Yugoslavia Yugoslav
Croatia Croatian Croat: Zagreb, Dubrovnik Ragusa, Rijeka, Dalmatia Dalmatian, Istria Istrian
Slovenia Slovenian Slovene: Ljubljana, Maribor
Bosnia Bosnian Herzegovina: Sarajevo, Mostar
Montenegro Montenegrin: Podgorica
Kosovo Kosovan Kosovar: Pristina
Albania Albanian: Tirana
North_Macedonia Macedonia Macedonian: Skopje
Estonia Estonian: Tallinn, Tartu
Latvia Latvian Lett: Riga
Lithuania Lithuanian: Vilnius Vilna, Kaunas
"""
ASIA = """
China Chinese Mandarin PRC Sino: Beijing Peking, Shanghai, Canton Cantonese Guangzhou, Nanjing Nanking, Wuhan, Chengdu, Chongqing, Tianjin, Hangzhou, Suzhou, Xiamen Amoy, Harbin, Kunming, Yunnan, Sichuan Szechuan Sichuanese, Guangdong, Fujian, Zhejiang, Jiangsu, Hunan, Hubei, Shandong, Manchuria Manchurian Manchu, Tibet Tibetan, Xinjiang, Yangtze
Hong_Kong Hongkonger
Macau Macao Macanese
Taiwan Taiwanese Formosa: Taipei
Japan Japanese: Tokyo, Kyoto, Osaka, Nagoya, Yokohama, Kobe, Hiroshima, Nagasaki, Sapporo, Hokkaido, Okinawa Okinawan
Korea Korean
South_Korea South_Korean < Korea: Seoul, Busan
North_Korea North_Korean < Korea: Pyongyang
Mongolia Mongolian Mongol: Ulaanbaatar
Vietnam Vietnamese: Hanoi, Saigon Ho_Chi_Minh_City
Laos Laotian Lao: Vientiane
Cambodia Cambodian Khmer: Phnom_Penh, Angkor
Thailand Thai Siam Siamese: Bangkok, Chiang_Mai
Myanmar Burma Burmese: Yangon Rangoon, Mandalay
Malaysia Malaysian Malaya Malay: Kuala_Lumpur, Penang, Malacca, Sarawak
Singapore Singaporean
Brunei Bruneian
Indonesia Indonesian: Jakarta Batavia, Surabaya, Java Javanese, Bali Balinese, Sumatra Sumatran, Borneo
Philippines Philippine Filipino Filipina: Manila, Cebu
East_Timor Timor Timorese: Dili
India Indian: Delhi New_Delhi, Mumbai Bombay, Kolkata Calcutta, Chennai Madras, Bangalore Bengaluru, Hyderabad, Lucknow, Punjab Punjabi, Bengal Bengali, Kashmir Kashmiri, Goa Goan, Gujarat Gujarati, Kerala, Rajasthan Rajasthani, Tamil, Assam Assamese, Ganges
Pakistan Pakistani: Karachi, Lahore, Islamabad, Peshawar, Sindh Sindhi
Bangladesh Bangladeshi: Dhaka Dacca
Sri_Lanka Sri_Lankan Lankan Ceylon Ceylonese Sinhalese: Colombo, Kandy
Nepal Nepalese Nepali: Kathmandu, Sherpa
Bhutan Bhutanese: Thimphu
Maldives Maldivian
Afghanistan Afghan: Kabul, Kandahar, Herat
Iran Iranian Persia Persian: Tehran Teheran, Isfahan, Shiraz, Tabriz
Iraq Iraqi Mesopotamia: Baghdad, Basra, Mosul
Syria Syrian: Damascus, Aleppo
Lebanon Lebanese: Beirut
Israel Israeli: Jerusalem, Tel_Aviv, Haifa
Palestine Palestinian: Gaza, Ramallah
Jordan Jordanian: Amman
Saudi_Arabia Saudi Saudi_Arabian: Riyadh, Mecca, Medina, Jeddah
Yemen Yemeni: Sanaa, Aden
Oman Omani: Muscat
United_Arab_Emirates UAE Emirati: Dubai, Abu_Dhabi
Qatar Qatari: Doha
Bahrain Bahraini
Kuwait Kuwaiti
Kazakhstan Kazakh: Almaty, Astana
Uzbekistan Uzbek: Tashkent, Samarkand, Bukhara
Turkmenistan Turkmen: Ashgabat
Kyrgyzstan Kyrgyz: Bishkek
Tajikistan Tajik: Dushanbe
Georgia Georgian < Europe Asia: Tbilisi Tiflis
Armenia Armenian < Europe Asia: Yerevan
Azerbaijan Azerbaijani Azeri < Europe Asia: Baku
"""
AFRICA = """
Egypt Egyptian: Cairo Cairene, Alexandria Alexandrian, Luxor, Giza, Nile
Libya Libyan: Tripoli, Benghazi
Tunisia Tunisian: Tunis, Carthage Carthaginian
Algeria Algerian: Algiers, Oran
Morocco Moroccan: Casablanca, Rabat, Fez, Marrakesh Marrakech, Tangier
Sudan Sudanese: Khartoum
South_Sudan South_Sudanese: Juba
Ethiopia Ethiopian Abyssinia Abyssinian: Addis_Ababa
Eritrea Eritrean: Asmara
Djibouti Djiboutian
Somalia Somali: Mogadishu
Kenya Kenyan: Nairobi, Mombasa, Kisumu
Uganda Ugandan: Kampala, Entebbe
Tanzania Tanzanian Tanganyika: Dar_es_Salaam, Dodoma, Zanzibar Zanzibari
Rwanda Rwandan: Kigali
Burundi Burundian
Congo Congolese Zaire Zairean: Kinshasa, Brazzaville
Gabon Gabonese: Libreville
Cameroon Cameroonian: Yaounde, Douala
Central_African_Republic: Bangui
Chad Chadian
Niger Nigerien: Niamey
Nigeria Nigerian: Lagos, Abuja, Ibadan, Kano, Yoruba, Igbo, Hausa
Benin Beninese Dahomey
Togo Togolese: Lome
Ghana Ghanaian Gold_Coast: Accra, Kumasi, Ashanti
Ivory_Coast Ivorian: Abidjan
Liberia Liberian: Monrovia
Sierra_Leone Sierra_Leonean: Freetown
Guinea Guinean: Conakry
Gambia Gambian: Banjul
Senegal Senegalese: Dakar
Mauritania Mauritanian
Mali Malian: Bamako, Timbuktu
Burkina_Faso Burkinabe: Ouagadougou
Cape_Verde Verdean
Angola Angolan: Luanda
Zambia Zambian Rhodesia Rhodesian: Lusaka
Zimbabwe Zimbabwean: Harare, Bulawayo
Malawi Malawian: Lilongwe, Blantyre
Mozambique Mozambican: Maputo
Botswana Batswana: Gaborone
Namibia Namibian: Windhoek
South_Africa South_African: Cape_Town, Johannesburg, Durban, Pretoria, Soweto, Natal, Transvaal, Zulu, Xhosa, Afrikaner
Lesotho Basotho
Eswatini Swaziland Swazi
Madagascar Malagasy: Antananarivo
Mauritius Mauritian
Seychelles Seychellois
"""
NORTH_AMERICA = """
United_States America American US USA U.S. U.S.A. Yankee: Washington, New_York New_Yorker, Boston Bostonian, Chicago Chicagoan, Philadelphia Philadelphian, Los_Angeles Angeleno, San_Francisco, San_Diego, Seattle, Detroit, Baltimore, New_Orleans, Houston, Dallas, Denver, Miami, Atlanta, Pittsburgh, Cleveland, Minneapolis, Las_Vegas, Salt_Lake_City, Hollywood, Harvard, Yale, Princeton, Alabama, Alaska Alaskan, Arizona, Arkansas, California Californian, Colorado, Connecticut, Delaware, Florida Floridian, Hawaii Hawaiian Honolulu, Idaho, Illinois, Indiana, Iowa, Kansas Kansan, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New_Hampshire, New_Jersey, New_Mexico, North_Carolina, South_Carolina, North_Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode_Island, Tennessee, Texas Texan, Utah, Vermont, Virginia Virginian, Wisconsin, Wyoming, Brooklyn, Manhattan
Canada Canadian: Ottawa, Toronto Torontonian, Montreal Montrealer, Vancouver Vancouverite, Calgary, Edmonton, Winnipeg, Halifax Haligonian, Quebec Quebecois, Ontario, Manitoba, Saskatchewan, Alberta, British_Columbia, Nova_Scotia, Newfoundland, New_Brunswick, Labrador, Yukon
Mexico Mexican: Mexico_City, Guadalajara, Monterrey, Oaxaca, Yucatan
Guatemala Guatemalan
Belize Belizean
Honduras Honduran: Tegucigalpa
El_Salvador Salvadoran
Nicaragua Nicaraguan: Managua
Costa_Rica Costa_Rican
Panama Panamanian
Greenland Greenlandic Greenlander: Nuuk
Cuba Cuban: Havana
Jamaica Jamaican
Haiti Haitian: Port-au-Prince
Dominican_Republic: Santo_Domingo
Puerto_Rico Puerto_Rican: San_Juan
Bahamas Bahamian: Nassau
Barbados Barbadian Bajan: Bridgetown
Trinidad Trinidadian Tobago
Grenada Grenadian
Bermuda Bermudian
"""
SOUTH_AMERICA = """
Brazil Brazilian: Rio_de_Janeiro, Sao_Paulo, Brasilia, Recife, Bahia Bahian, Amazon
Argentina Argentine Argentinian: Buenos_Aires, Mendoza, Patagonia Patagonian
Chile Chilean: Santiago, Valparaiso
Peru Peruvian: Lima, Cuzco Cusco, Inca
Bolivia Bolivian: La_Paz
Ecuador Ecuadorian: Quito, Guayaquil, Galapagos
Colombia Colombian: Bogota, Medellin, Cartagena
Venezuela Venezuelan: Caracas
Guyana Guyanese
Suriname Surinamese
Paraguay Paraguayan: Asuncion
Uruguay Uruguayan: Montevideo
Falklands Falkland_Islands
"""
OCEANIA = """
Australia Australian Aussie: Canberra, Sydney, Melbourne, Brisbane, Adelaide, Hobart, Queensland, New_South_Wales, Tasmania Tasmanian
New_Zealand New_Zealander Kiwi: Wellington, Auckland, Christchurch, Dunedin, Otago, Maori
Papua_New_Guinea Papuan: Port_Moresby
Fiji Fijian: Suva
Samoa Samoan
Tonga Tongan
Tahiti Tahitian
"""
CONTINENTS = {
    "Europe European": EUROPE,
    "Asia Asian Asiatic": ASIA,
    "Africa African": AFRICA,
    "North_America North_American": NORTH_AMERICA,
    "South_America South_American": SOUTH_AMERICA,
    "Oceania Australasia Pacific": OCEANIA,
}
# Regions of several countries.
REGIONS = """
British_Isles = United_Kingdom Ireland Isle_of_Man
Scandinavia Scandinavian = Norway Sweden Denmark Iceland Finland
Nordic = Norway Sweden Denmark Iceland Finland
Baltic Baltics = Estonia Latvia Lithuania
Balkans Balkan = Greece Albania Bulgaria Serbia Bosnia Croatia Montenegro North_Macedonia Kosovo Romania Slovenia Yugoslavia
Iberia Iberian = Spain Portugal
Benelux Low_Countries = Netherlands Belgium Luxembourg
Caucasus Caucasian = Georgia Armenia Azerbaijan
Levant Levantine = Syria Lebanon Israel Palestine Jordan
Middle_East Middle_Eastern = Egypt Syria Lebanon Israel Palestine Jordan Iraq Iran Saudi_Arabia Yemen Oman United_Arab_Emirates Qatar Bahrain Kuwait Turkey
Arab Arabian Arabia Arabic = Egypt Libya Tunisia Algeria Morocco Sudan Syria Lebanon Jordan Iraq Palestine Saudi_Arabia Yemen Oman United_Arab_Emirates Qatar Bahrain Kuwait
Maghreb = Morocco Algeria Tunisia Libya
Sahara Saharan = Morocco Algeria Tunisia Libya Egypt Mali Niger Chad Sudan Mauritania
Far_East Far_Eastern = China Japan Korea Taiwan
Slavic Slav Slavonic = Russia Ukraine Belarus Poland Czechia Slovakia Bulgaria Serbia Croatia Slovenia Bosnia
Caribbean West_Indies West_Indian = Cuba Jamaica Haiti Dominican_Republic Puerto_Rico Bahamas Barbados Trinidad Grenada
Central_America Central_American = Guatemala Belize Honduras El_Salvador Nicaragua Costa_Rica Panama
Latin_America Latin_American = South_America Central_America Mexico Cuba Dominican_Republic Puerto_Rico
Americas = North_America South_America
Polynesia Polynesian = New_Zealand Samoa Tonga Tahiti
Roman = Rome
Norman = Normandy
Saxon = Saxony
"""
